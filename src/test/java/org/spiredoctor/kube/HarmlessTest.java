package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HarmlessTest {
  private static final String KEY = "AKIA" + "IOSFODNN7EXAMPLE";

  @Test
  void whatIsRememberedIsKnownAndNothingElse() {
    Harmless harmless = new Harmless();
    assertThat(harmless.knows("ready")).isFalse();
    harmless.remember("ready");
    assertThat(harmless.knows("ready")).isTrue();
    assertThat(harmless.knows("Ready")).isFalse();
    // Of the same hash.
    harmless.remember("Aa");
    harmless.remember("BB");
    assertThat(harmless.knows("Aa")).isFalse();
    assertThat(harmless.knows("BB")).isTrue();
    harmless.remember("x".repeat(1000));
    assertThat(harmless.knows("x".repeat(1000))).isFalse();
  }

  @Test
  void aTextIsAsSafeTheSecondTime() {
    for (int i = 0; i < 3; i++) {
      assertThat(Redaction.text("all is well")).isEqualTo("all is well");
      assertThat(Redaction.text("key " + KEY)).doesNotContain(KEY);
    }
  }
}
