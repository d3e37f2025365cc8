package gql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// maxReports bounds how many errors of a document are looked at: one mistake in a fragment is found each time that it is
// reached, but reported once.
const maxReports = 500

// validate checks a document that Limits.Parse let pass against the schema, by the rules of the GraphQL specification. It
// reports at most maxErrors, each once. The rules are gqlparser's, but for two that take too long on some documents: that
// of cycles, and that of overlapping fields. Fields are only compared in a document that is valid otherwise.
func validate(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List {
	if errs := fragmentCycles(doc); len(errs) > 0 {
		return errs
	}
	plain := &reports{}
	plain.run(schema, doc, stockRules(false))
	if plain.count == 0 {
		return overlaps(schema, doc)
	}
	if plain.count > 2*maxErrors || plain.long() {
		return plain.errs
	}
	// A suggestion compares what was written with all that could have been meant: only for few and short mistakes.
	helpful := &reports{}
	helpful.run(schema, doc, stockRules(true))
	return helpful.errs
}

// reports collects the errors of rules.
type reports struct {
	errs  gqlerror.List
	count int
}

func (r *reports) run(schema *ast.Schema, doc *ast.QueryDocument, list []core.Rule) {
	events := &core.Events{}
	for _, rule := range list {
		rule.RuleFunc(events, func(options ...core.ErrorOption) {
			if r.count++; r.count > maxReports || len(r.errs) == maxErrors {
				return
			}
			err := &gqlerror.Error{Rule: rule.Name}
			for _, option := range options {
				option(err)
			}
			if !slices.ContainsFunc(r.errs, func(e *gqlerror.Error) bool {
				return e.Message == err.Message && slices.Equal(e.Locations, err.Locations)
			}) {
				r.errs = append(r.errs, err)
			}
		})
	}
	core.Walk(schema, doc, events)
}

// long says whether a message is so long that it must hold a long name.
func (r *reports) long() bool {
	return slices.ContainsFunc(r.errs, func(e *gqlerror.Error) bool { return len(e.Message) > 300 })
}

// stockRules are gqlparser's rules without those that are replaced here, in the order of their names.
func stockRules(suggest bool) []core.Rule {
	list := []core.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.FragmentsOnCompositeTypesRule,
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownDirectivesRule,
		rules.KnownFragmentNamesRule,
		rules.KnownRootTypeRule,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.LoneAnonymousOperationRule,
		rules.MaxIntrospectionDepth,
		rules.NoUndefinedVariablesRule,
		rules.NoUnusedFragmentsRule,
		rules.NoUnusedVariablesRule,
		rules.PossibleFragmentSpreadsRule,
		rules.ProvidedRequiredArgumentsRule,
		rules.ScalarLeafsRuleWithoutSuggestions,
		rules.SingleFieldSubscriptionsRule,
		rules.UniqueArgumentNamesRule,
		rules.UniqueDirectivesPerLocationRule,
		rules.UniqueFragmentNamesRule,
		rules.UniqueInputFieldNamesRule,
		rules.UniqueOperationNamesRule,
		rules.UniqueVariableNamesRule,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		rules.VariablesAreInputTypesRule,
		rules.VariablesInAllowedPositionRule,
	}
	if !suggest {
		return list
	}
	for _, helpful := range []core.Rule{rules.FieldsOnCorrectTypeRule, rules.KnownArgumentNamesRule, rules.KnownTypeNamesRule,
		rules.ScalarLeafsRule, rules.ValuesOfCorrectTypeRule} {
		for i := range list {
			if list[i].Name == helpful.Name+"WithoutSuggestions" {
				list[i] = helpful
			}
		}
	}
	return list
}
