package graph

import "testing"

func TestStatementKindSilent(t *testing.T) {
	silences := []StatementKind{"DECLINED_TO_COMMENT", "COULD_NOT_BE_REACHED", "DID_NOT_RESPOND", "DID_NOT_SPECIFY", "DID_NOT_CONFIRM"}
	for _, k := range silences {
		if !k.Silent() || !StanceSilent.Fits(k) || StanceDenies.Fits(k) {
			t.Errorf("%s is a silence, and never a denial", k)
		}
	}
	for _, k := range []StatementKind{StatementClaim, StatementDenial, StatementDeferral, StatementCommitment, ""} {
		if k.Silent() || StanceSilent.Fits(k) || !StanceDenies.Fits(k) {
			t.Errorf("%s is no silence", k)
		}
	}
}
