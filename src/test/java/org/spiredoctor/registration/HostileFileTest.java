package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of which a part is absurdly long: the time that they take grows as they do. */
class HostileFileTest {
  private static final int LONG = 4_000_000;

  /** Of processor time; ten megabytes took over a minute, and take under a second. */
  private static final Duration LONGEST = Duration.ofSeconds(4);

  private static final String HEAD = "apiVersion: spiredoctor.org/v1\nkind: Registrations\n";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  enum Part {
    PLAIN("entries: [{spiffeID: ", "x", "}]\n"),
    QUOTED("entries: [{spiffeID: \"", "x", "\"}]\n"),
    SINGLE_QUOTED("entries: [{spiffeID: '", "x", "'}]\n"),
    LINES("entries:\n- spiffeID: |\n", "    x\n", "\n"),
    FOLDED("entries:\n- spiffeID: \"", "x\n     ", "\"\n"),
    COMMENT("# ", "x", "\nentries: []\n"),
    COMMENTS("entries: []\n", "# x\n", "\n"),
    BLANKS("entries: []", " ", "\n"),
    TABS("entries: []", "\t", "\n"),
    EMPTY_LINES("entries: []", "\n", "\n"),
    KEY("entries: [{", "x", ": y}]\n"),
    DIGITS("entries: [{hint: ", "1", "}]\n"),
    SIXTIES("entries: [{hint: ", "1:", "1}]\n"),
    TIME("entries: [{expiresAt: ", "9", "}]\n"),
    ANCHOR("entries: &", "a", " []\n"),
    TAG("entries: !", "a", " []\n"),
    KIND("kind2: ", "R", "\n"),
    DIRECTIVE("...\n%", "A", "\n---\n");

    private final String before;
    private final String unit;
    private final String after;

    Part(String before, String unit, String after) {
      this.before = before;
      this.unit = unit;
      this.after = after;
    }

    String text() {
      return HEAD + before + unit.repeat(LONG / unit.length()) + after;
    }
  }

  private static Duration took(Runnable work) {
    long began = THREADS.getCurrentThreadCpuTime();
    work.run();
    return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - began);
  }

  @ParameterizedTest
  @EnumSource
  void aLongPartTakesAsLongAsItIs(Part part) {
    String text = part.text();
    assertThat(took(() -> RegistrationFile.read("file", text))).isLessThan(LONGEST);
  }

  @Test
  void aHundredThousandEntriesFit() {
    StringBuilder text = new StringBuilder(HEAD).append("entries:\n");
    for (int i = 0; i < 100_000; i++) {
      text.append("- spiffeID: spiffe://example.org/ns/apps/sa/web-").append(i).append('\n');
      text.append("  parentID: spiffe://example.org/spire-agent\n");
      text.append("  selectors:\n");
      for (int j = 0; j < 10; j++) {
        text.append("  - k8s:pod-label:app.kubernetes.io/part-of:service-").append(j).append('\n');
      }
    }
    assertThat(text.length()).isLessThan(RegistrationFile.LARGEST);
    RegistrationFile.Reading reading = RegistrationFile.read("file", text.toString());
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries()).hasSize(100_000);
  }

  @Test
  void aLongValueIsRefusedInWords() {
    RegistrationFile.Reading reading = RegistrationFile.read("file", Part.QUOTED.text());
    assertThat(reading.problems().getFirst().inWords())
        .contains("file:3", "is 4,000,000 characters long; no value has more than 16,384");
  }
}
