package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.attestorSays;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;

class KubeletCertificateInvalidTest {
  @Test
  void kubeletCertificateInvalid() {
    String call = "unable to perform request: Get \"https://10.0.0.1:10250/pods\": ";
    Finding name =
        Expect.first(
            "kubelet-certificate-invalid",
            attestorSays(
                call
                    + "tls: failed to verify certificate: x509: cannot validate certificate for"
                    + " 10.0.0.1 because it doesn't contain any IP SANs"));
    assertThat(((Remedy.Patch) name.remedies().getFirst()).yaml()).contains("MY_NODE_NAME");
    Finding authority =
        Expect.first(
            "kubelet-certificate-invalid",
            attestorSays(call + "x509: certificate signed by unknown authority"));
    assertThat(((Remedy.Patch) authority.remedies().getFirst()).yaml())
        .contains("skip_kubelet_verification = true");
  }
}
