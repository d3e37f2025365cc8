package main

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (completionCommand) Help() string {
	return `bash:  source <(raidgraph completion bash)   in ~/.bashrc

zsh:   source <(raidgraph completion zsh)    in ~/.zshrc, behind compinit

fish:  raidgraph completion fish >~/.config/fish/completions/raidgraph.fish`
}

// The script completes by a table with a line for each command: its name, a tab, its flags. zsh reads the script of bash, once it
// is told to.
var (
	//go:embed completion.bash
	bashCompletion string
	//go:embed completion.zsh
	zshCompletion string
)

func (c *completionCommand) Run(p *process) error {
	app := p.kong.Model
	switch c.Shell {
	case "bash":
		return printed(fmt.Fprint(p.out, strings.Replace(bashCompletion, "@TABLE@", completionTable(app), 1)))
	case "zsh":
		return printed(fmt.Fprint(p.out, zshCompletion, strings.Replace(bashCompletion, "@TABLE@", completionTable(app), 1)))
	}
	return printed(fmt.Fprint(p.out, fishCompletion(app)))
}

func printed(_ int, err error) error { return err }

// completionTable lists the commands with their flags.
func completionTable(app *kong.Application) string {
	var b strings.Builder
	for _, command := range app.Children {
		fmt.Fprintf(&b, "%s\t%s\n", command.Name, strings.Join(flagNames(command), " "))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func flagNames(command *kong.Node) []string {
	var names []string
	for _, group := range command.AllFlags(true) {
		for _, f := range group {
			names = append(names, "--"+f.Name)
		}
	}
	return names
}

// fishCompletion is a script of one line for each command and flag.
func fishCompletion(app *kong.Application) string {
	var b strings.Builder
	b.WriteString("complete -c raidgraph -n __fish_use_subcommand -f\n")
	for _, command := range app.Children {
		fmt.Fprintf(&b, "complete -c raidgraph -n __fish_use_subcommand -a %s -d %s\n", command.Name, fishQuote(command.Help))
		where := "__fish_seen_subcommand_from " + command.Name
		if command.Name == "serve" {
			where = "__fish_use_subcommand; or " + where
		}
		for _, group := range command.AllFlags(true) {
			for _, f := range group {
				argument := ""
				if !f.IsBool() {
					argument = " -r"
				}
				fmt.Fprintf(&b, "complete -c raidgraph -n %s -l %s -d %s%s\n", fishQuote(where), f.Name, fishQuote(f.Help), argument)
			}
		}
	}
	b.WriteString("complete -c raidgraph -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n")
	return b.String()
}

func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
