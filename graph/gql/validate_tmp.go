package gql

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	_ "github.com/vektah/gqlparser/v2/validator/rules"
)

func validate(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List { return validator.Validate(schema, doc) }
