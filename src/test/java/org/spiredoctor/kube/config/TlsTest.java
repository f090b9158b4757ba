package org.spiredoctor.kube.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class TlsTest {

  /** Of TLS 1.3 and 1.2, and nothing is left out: who allows AES alone is still talked to. */
  @Test
  void offersEverythingAndChaCha20First() throws Exception {
    SSLContext context = SSLContext.getDefault();
    String[] usual = context.getDefaultSSLParameters().getCipherSuites();
    String[] offered = Tls.offered(context).getCipherSuites();
    assertThat(offered).containsExactlyInAnyOrder(usual).startsWith("TLS_CHACHA20_POLY1305_SHA256");
    assertThat(Arrays.stream(offered).filter(suite -> !suite.contains("CHACHA20")))
        .containsExactlyElementsOf(
            Arrays.stream(usual).filter(suite -> !suite.contains("CHACHA20")).toList());
  }
}
