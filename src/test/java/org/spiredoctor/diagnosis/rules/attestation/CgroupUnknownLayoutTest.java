package org.spiredoctor.diagnosis.rules.attestation;

import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;

class CgroupUnknownLayoutTest {
  @Test
  void cgroupUnknownLayout() {
    String denied = TIME + "level=error msg=\"No identity issued\" registered=false selectors=\"[";
    Expect.first(
        "cgroup-unknown-layout",
        ClusterScene.healthy().agentLog(denied + "type:\\\"unix\\\" value:\\\"uid:0\\\"]\"\n"));
    Expect.healthy(
        ClusterScene.healthy()
            .agentLog(
                denied
                    + "type:\\\"k8s\\\" value:\\\"ns:x\\\" type:\\\"unix\\\" value:\\\"uid:0\\\"]\"\n"));
    // The agent logs those of its choice.
    Expect.healthy(
        ClusterScene.healthy().agentLog(denied.replace("[", "") + "unix:gid:0,unix:uid:0\"\n"));
  }
}
