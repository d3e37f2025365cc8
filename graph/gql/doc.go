package gql

//go:generate go run ./generate
