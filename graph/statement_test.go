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

func TestSensitivityVisibleTo(t *testing.T) {
	order := []Sensitivity{SensitivityPublic, SensitivityRestricted, SensitivityConfidential}
	for i, s := range order {
		for j, clearance := range order {
			if got := s.VisibleTo(clearance); got != (i <= j) {
				t.Errorf("%s visible to %s: %v", s, clearance, got)
			}
		}
		if s.VisibleTo("") || s.VisibleTo("ROOT") || Sensitivity("").VisibleTo(s) {
			t.Errorf("%s: no clearance sees it, and what has no sensitivity is not seen", s)
		}
	}
}
