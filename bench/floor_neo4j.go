package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"
)

// account says which Neo4j to use; none where uri is empty.
type account struct{ uri, username, password string }

// fromEnvironment is the account at a URI, with the user and the password that the environment gives.
func fromEnvironment(uri string) account {
	return account{uri, os.Getenv("NEO4J_USERNAME"), os.Getenv("NEO4J_PASSWORD")}
}

// environment is that of this process, with the account for a program that is started.
func (a account) environment() []string {
	env := os.Environ()
	if a.uri != "" {
		env = append(env, "NEO4J_USERNAME="+a.username, "NEO4J_PASSWORD="+a.password)
	}
	return env
}

func (a account) driver() (neo4j.DriverWithContext, error) {
	return neo4j.NewDriverWithContext(a.uri, neo4j.BasicAuth(a.username, a.password, ""), func(c *config.Config) {
		c.TelemetryDisabled = true
		c.NotificationsMinSeverity = notifications.DisabledLevel
	})
}

// empty refuses a Neo4j that holds something: the benchmarks fill it.
func (a account) empty(ctx context.Context) (err error) {
	if a.uri == "" {
		return errors.New("two empty Neo4j databases are needed: --neo4j and --neo4j-large (scripts/bench starts them)")
	}
	driver, err := a.driver()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, driver.Close(ctx)) }()
	result, err := neo4j.ExecuteQuery(ctx, driver, "RETURN COUNT { () }", nil, neo4j.EagerResultTransformer)
	if err != nil {
		return err
	}
	if n, _ := result.Records[0].Values[0].(int64); n > 0 {
		return fmt.Errorf("the Neo4j at %s is not empty: the benchmarks fill it, so give them one of their own", a.uri)
	}
	return nil
}

// neo4jFloors speak with the database that raidgraph filled, in positional Cypher.
func neo4jFloors(a account) (floors, neo4j.DriverWithContext, error) {
	driver, err := a.driver()
	if err != nil {
		return nil, nil, err
	}
	n := neo4jFloor{driver}
	return floors{"lookup": n.askLookup, "list": n.askList, "nested": n.askNested, "hub": n.askHub, "hubsource": n.askHubSource,
		"farend": n.askFarEnd, "thousand": n.askThousand}, driver, nil
}

type neo4jFloor struct{ driver neo4j.DriverWithContext }

// each runs a statement that commits by itself and reads each row. The rows come as one value of one record, a list of lists: the
// driver takes much longer for as many records.
func (n neo4jFloor) each(ctx context.Context, statement string, params map[string]any, read func(row []any)) error {
	session := n.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, DatabaseName: "neo4j", FetchSize: neo4j.FetchAll})
	defer func() { _ = session.Close(ctx) }()
	result, err := session.Run(ctx, statement, params)
	if err != nil {
		return err
	}
	record, err := result.Single(ctx)
	if err != nil {
		return err
	}
	rows, ok := record.Values[0].([]any)
	if !ok {
		return fmt.Errorf("an answer is no list, but %T", record.Values[0])
	}
	for _, v := range rows {
		row, ok := v.([]any)
		if !ok {
			return fmt.Errorf("a row is no list, but %T", v)
		}
		read(row)
	}
	return nil
}

// What stands in a row: a text, one that may be null, and a truth value.
func str(v any) string { s, _ := v.(string); return s }

func ptr(v any) *string {
	if s, ok := v.(string); ok {
		return &s
	}
	return nil
}

func truth(v any) bool { b, _ := v.(bool); return b }

func (n neo4jFloor) askLookup(ctx context.Context, values url.Values) (any, error) {
	var a lookupAnswer
	err := n.each(ctx, "MATCH (n:Raid) WHERE n.id = $id RETURN collect([n.id, n.name, n.date_edtf, n.date_from, n.date_to, n.date_basis, n.contested])",
		map[string]any{"id": values.Get("id")}, func(row []any) {
			a.Raid = &raidFull{str(row[0]), str(row[1]), periodFull{str(row[2]), ptr(row[3]), ptr(row[4]), str(row[5])}, truth(row[6])}
		})
	return a, err
}

func (n neo4jFloor) askList(ctx context.Context, values url.Values) (any, error) {
	var a listAnswer
	of := make([]raidListed, 0, 51)
	err := n.each(ctx, `MATCH (n:Raid) WHERE n.date_from_order >= $from AND n.id IS NOT NULL AND n.contested = true AND n.date_from IS NOT NULL
		WITH n ORDER BY n.date_from_order, n.id LIMIT 51
		RETURN collect([n.id, n.name, n.date_edtf, n.date_from, n.date_to, n.contested])`,
		map[string]any{"from": values.Get("from")}, func(row []any) {
			of = append(of, raidListed{str(row[0]), str(row[1]), periodListed{str(row[2]), ptr(row[3]), ptr(row[4])}, truth(row[5])})
		})
	if a.Raids.PageInfo.HasNextPage = len(of) > 50; a.Raids.PageInfo.HasNextPage {
		of = of[:50]
	}
	a.Raids.Nodes = of
	return a, err
}

func (n neo4jFloor) askNested(ctx context.Context, _ url.Values) (any, error) {
	var a nestedAnswer
	err := n.each(ctx, `MATCH (c:Compound) WHERE c.id > '' WITH c ORDER BY c.id LIMIT 50
		RETURN collect([c.id, c.name, COLLECT { MATCH (c)<-[:TARGETED]-(r) WITH r ORDER BY r.id LIMIT 10
			RETURN [r.id, r.name, r.date_from, COLLECT { MATCH (r)<-[:SUBJECT]-(k) WITH k ORDER BY k.id LIMIT 5
				RETURN [k.id, k.property, k.measure] }] }])`, nil, func(row []any) {
		c := &compoundNested{ID: str(row[0]), Name: str(row[1])}
		raids, _ := row[2].([]any)
		c.Raids.Nodes = make([]*raidNested, len(raids))
		for i, v := range raids {
			raid, _ := v.([]any)
			claims, _ := raid[3].([]any)
			r := &raidNested{ID: str(raid[0]), Name: str(raid[1]), Date: since{ptr(raid[2])}}
			r.Claims.Nodes = make([]claimNested, len(claims))
			for j, v := range claims {
				claim, _ := v.([]any)
				r.Claims.Nodes[j] = claimNested{str(claim[0]), str(claim[1]), ptr(claim[2])}
			}
			c.Raids.Nodes[i] = r
		}
		a.Compounds.Nodes = append(a.Compounds.Nodes, c)
	})
	return a, err
}

func (n neo4jFloor) askHub(ctx context.Context, values url.Values) (any, error) {
	var a hubAnswer
	err := n.each(ctx, `MATCH (p:Province) WHERE p.id = $id
		RETURN collect([p.id, p.name, COUNT { (p)<-[:LOCATED_IN]-(:Raid) }, COLLECT { MATCH (p)<-[:LOCATED_IN]-(r:Raid)
			WITH r ORDER BY r.date_from_order DESC, r.id LIMIT 25 RETURN [r.id, r.name, r.date_from] }])`,
		map[string]any{"id": values.Get("id")}, func(row []any) {
			total, _ := row[2].(int64)
			raids, _ := row[3].([]any)
			p := &provinceHub{str(row[0]), str(row[1]), counted[raidHub]{total, make([]raidHub, len(raids))}}
			for i, v := range raids {
				raid, _ := v.([]any)
				p.Raids.Nodes[i] = raidHub{str(raid[0]), str(raid[1]), since{ptr(raid[2])}}
			}
			a.Province = p
		})
	return a, err
}

func (n neo4jFloor) askHubSource(ctx context.Context, values url.Values) (any, error) {
	var a hubSourceAnswer
	err := n.each(ctx, `MATCH (s:Source) WHERE s.id = $id
		RETURN collect([s.id, s.title, COUNT { MATCH (s)<-[:CITES]-(k:Claim) RETURN DISTINCT k }, COLLECT { MATCH (s)<-[:CITES]-(k:Claim)
			WITH DISTINCT k ORDER BY k.id LIMIT 25 RETURN [k.id, k.property, k.publishedAt] }])`,
		map[string]any{"id": values.Get("id")}, func(row []any) {
			total, _ := row[2].(int64)
			claims, _ := row[3].([]any)
			s := &sourceHub{str(row[0]), ptr(row[1]), counted[claimHub]{total, make([]claimHub, len(claims))}}
			for i, v := range claims {
				claim, _ := v.([]any)
				s.Claims.Nodes[i] = claimHub{str(claim[0]), str(claim[1]), ptr(claim[2])}
			}
			a.Source = s
		})
	return a, err
}

func (n neo4jFloor) askFarEnd(ctx context.Context, values url.Values) (any, error) {
	a := farEndAnswer{nodes[raidFar]{make([]raidFar, 0, 25)}}
	err := n.each(ctx, `MATCH (p:Agency {id: $agency})-[e:PARTICIPATED_IN]->(r:Raid) WHERE e.role = 'LEAD'
		WITH DISTINCT r ORDER BY r.date_from_order DESC, r.id LIMIT 25
		RETURN collect([r.id, r.name, r.date_from, r.contested])`,
		map[string]any{"agency": values.Get("agency")}, func(row []any) {
			a.Raids.Nodes = append(a.Raids.Nodes, raidFar{str(row[0]), str(row[1]), since{ptr(row[2])}, truth(row[3])})
		})
	return a, err
}

func (n neo4jFloor) askThousand(ctx context.Context, _ url.Values) (any, error) {
	a := thousandAnswer{nodes[claimFlat]{make([]claimFlat, 0, 1000)}}
	err := n.each(ctx, `MATCH (k:Claim) WHERE k.publishedAt_order IS NOT NULL AND k.id IS NOT NULL
		WITH k ORDER BY k.publishedAt_order, k.id LIMIT 1000
		RETURN collect([k.id, k.property, k.measure, k.share, k.publishedAt])`, nil, func(row []any) {
		a.Claims.Nodes = append(a.Claims.Nodes, claimFlat{str(row[0]), str(row[1]), ptr(row[2]), ptr(row[3]), ptr(row[4])})
	})
	return a, err
}
