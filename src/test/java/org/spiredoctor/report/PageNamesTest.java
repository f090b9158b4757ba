package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageNamesTest {
  @Test
  void aPageSaysWhatTheNamesInItsCommandsStandFor() {
    assertThat(PageNames.of("kubectl logs -n $SPIRE_NS $SERVER_POD\n"))
        .hasValueSatisfying(
            names ->
                assertThat(names.lines())
                    .anyMatch(line -> line.matches("SPIRE_NS +namespace of SPIRE.*"))
                    .anyMatch(line -> line.startsWith("SERVER_POD"))
                    .noneMatch(line -> line.startsWith("NS ") || line.startsWith("POD "))
                    .allMatch(line -> line.length() <= 80));
    assertThat(PageNames.of("kubectl get pods -A\n")).isEmpty();
  }
}
