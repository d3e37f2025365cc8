package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Log LogConfig `embed:"" prefix:"log-" group:"Log"`

	Serve      serveCommand      `cmd:"" default:"withargs" help:"Serve the graph over HTTP (the default)."`
	Import     importCommand     `cmd:"" help:"Import case files and JSON Lines into the database."`
	Export     exportCommand     `cmd:"" help:"Write the whole graph as JSON Lines."`
	Backup     backupCommand     `cmd:"" help:"Copy the database, while a server uses it."`
	Check      checkCommand      `cmd:"" help:"Check files without importing them."`
	Verify     verifyCommand     `cmd:"" help:"Ask again what an answer with a receipt was the answer to."`
	Purge      purgeCommand      `cmd:"" help:"Take nodes out of the graph and its history, for a legal demand."`
	Rebuild    rebuildCommand    `cmd:"" help:"Remake what is computed and stored."`
	Schema     schemaCommand     `cmd:"" help:"Print the schema of the API."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
	Completion completionCommand `cmd:"" help:"Print a script that completes commands and flags in a shell."`
}

func kongOptions() []kong.Option {
	return []kong.Option{
		kong.Name("raidgraph"),
		kong.Description(strings.TrimSpace(manual)),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100}),
		kong.ValueFormatter(helpWithDefault),
		kong.PostBuild(nameVariables),
	}
}

// helpWithDefault is the help for a flag, with its default; that of a variable is told once, in the manual.
func helpWithDefault(value *kong.Value) string {
	if value.Default == "" || value.IsBool() {
		return value.Help
	}
	return value.Help + " [" + value.Default + "]"
}

// nameVariables gives each flag its environment variable.
func nameVariables(k *kong.Kong) error {
	return kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && f.Name != "help" && len(f.Envs) == 0 {
			f.Envs = []string{"RAIDGRAPH_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))}
			f.Value.Tag.Envs = f.Envs
		}
		return next(nil)
	})
}

const manual = `
A knowledge graph of raids on scam compounds, who was found in them, who was sent home, and who said what about it, each fact with its source. It is served by GraphQL.

  raidgraph                                    # serves raidgraph.db on http://127.0.0.1:8080
  raidgraph import case.yaml                   # adds a case
  raidgraph --database neo4j://host:7687/name  # the same on Neo4j

ENVIRONMENT. Each flag can be set by a variable too: RAIDGRAPH_ and the name of the flag in capitals, with _ for -: RAIDGRAPH_MAX_TIME=5s. --username and --password are also read from NEO4J_USERNAME and NEO4J_PASSWORD. A flag wins over RAIDGRAPH_..., that over NEO4J_..., that over the default.

VALUES. A SIZE is in bytes, or such as 500KB or 1MiB; a TIME such as 500ms, 9s or 1m.

SIGNALS. At SIGTERM and SIGINT the server takes no more requests, lets answers under way finish, and leaves with 0; a second signal ends it at once.

EXIT CODE. 0; 1 what was asked cannot be done, and why; 2 the arguments are not understood; 3 the database cannot be reached now; 4 a fault of the program; 130 a signal ended the command.

Run "raidgraph COMMAND --help" for the flags of a command.
`

type versionCommand struct{}

func (versionCommand) Run(p *process) error {
	_, err := fmt.Fprintf(p.out, "raidgraph %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is that of the module, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "commit " + s.Value[:min(12, len(s.Value))]
		}
	}
	return "from source"
}

type schemaCommand struct{}

func (schemaCommand) Help() string {
	return "It is what /schema.graphql of a running server answers with: the input for editors and code generators."
}

func (schemaCommand) Run(p *process) error {
	_, err := fmt.Fprint(p.out, p.model.Derive())
	return err
}
