package org.spiredoctor.diagnosis.rules.attestation;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class KubeletDuplicateContainerTest {
  @Test
  void kubeletDuplicateContainer() {
    Expect.first(
        "kubelet-duplicate-container",
        Scene.status(Code.INTERNAL, "two pods found with same container Id"));
  }
}
