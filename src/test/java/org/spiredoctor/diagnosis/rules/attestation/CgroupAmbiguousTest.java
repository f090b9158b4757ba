package org.spiredoctor.diagnosis.rules.attestation;

import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.attestorSays;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.rules.Expect;

class CgroupAmbiguousTest {
  @Test
  void cgroupAmbiguous() {
    Expect.first(
        "cgroup-ambiguous", attestorSays("multiple container IDs found in cgroups (a, service)"));
    Expect.first("cgroup-ambiguous", attestorSays("multiple pod UIDs found (\"a\", \"b\")"));
  }
}
