package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class CgroupV2UnsupportedTest {
  private static final String TIME = "time=\"2026-01-02T03:04:00Z\" ";

  @Test
  void cgroupV2Unsupported() {
    Finding found =
        Expect.first(
            "cgroup-v2-unsupported",
            ClusterScene.healthy()
                .agentConfig(
                    """
                    plugins {
                      WorkloadAttestor "k8s" {
                        plugin_data { use_new_container_locator = false }
                      }
                    }
                    """)
                .agentLog(
                    TIME
                        + "level=error msg=\"No identity issued\" registered=false"
                        + " selectors=\"[type:\\\"unix\\\" value:\\\"uid:0\\\"]\"\n"));
    assertThat(found.evidence().toString()).contains("use_new_container_locator = false");
  }
}
