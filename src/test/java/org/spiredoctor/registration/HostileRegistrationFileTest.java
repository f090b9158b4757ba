package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.RegistrationFiles.HEAD;
import static org.spiredoctor.registration.RegistrationFiles.WEB;
import static org.spiredoctor.registration.RegistrationFiles.file;
import static org.spiredoctor.registration.RegistrationFiles.only;
import static org.spiredoctor.registration.RegistrationFiles.problems;
import static org.spiredoctor.registration.RegistrationFiles.read;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.registration.RegistrationFile.Reading;

/** Files that are large, damaged or meant to do harm. */
class HostileRegistrationFileTest {
  @Test
  void anAliasBombDoesNotGoOff() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(30)));
    }
    assertThat(problems(bomb + "entries: *a29\n")).isNotEmpty();
    assertThat(problems(HEAD + "entries: &e [*e, *e]\n")).hasSize(2);
    String names = "[" + "a.b,".repeat(1001) + "]";
    assertThat(problems(WEB + "    dnsNames: " + names + "\n"))
        .containsExactly("web.yaml:6: entries[0].dnsNames: is too long; at most 1000 are read");
  }

  @Test
  void aByteOrderMarkIsNoText() {
    assertThat(only("\uFEFF" + WEB).spiffeId()).isEqualTo("spiffe://example.org/web");
  }

  @Test
  void quotationsAreShort() {
    assertThat(problems(WEB + "    " + "x".repeat(900) + ": a\n    jwtSVIDTTL: " + "y".repeat(900)))
        .hasSize(2)
        .allSatisfy(text -> assertThat(text).hasSizeLessThan(420).contains("…'"));
  }

  @Test
  void tenThousandEntriesAreReadQuickly() {
    StringBuilder many = new StringBuilder(HEAD + "entries:\n");
    for (int i = 0; i < 10_000; i++) {
      many.append("  - spiffeID: spiffe://example.org/web/").append(i).append('\n');
      many.append("    parentID: spiffe://example.org/cluster/demo\n");
      many.append("    selectors: [k8s:ns:apps, k8s:sa:web-").append(i).append("]\n");
      many.append("    x509SVIDTTL: 1h\n    dnsNames: [web.apps.svc]\n");
    }
    long start = System.nanoTime();
    Reading reading = read(many.toString());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries()).hasSize(10_000);
    // About a second; machines that run tests are busy.
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"all-fields.yaml", "manifests.yaml", "spire.json"})
  void mutilatedFilesNeverThrow(String name) {
    String good = file(name);
    Random random = new Random(7);
    for (int round = 0; round < 4000; round++) {
      String text = mutilated(good, random);
      Reading reading = read(text);
      if (reading.entries().isEmpty() && !text.contains("[]")) {
        assertThat(reading.problems()).as(text).isNotEmpty();
      }
      reading.problems().forEach(p -> assertThat(p.text()).as(text).isNotBlank());
    }
  }

  private static String mutilated(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    String pieces = "\t\n:-[]{}'\"&*!|>%@`#,?\\x0é\uD800\u0000\u0085 ~";
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(text.length());
      int other = Math.min(text.length(), at + random.nextInt(30));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
        case 1 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
        case 2 -> text.delete(at, other);
        default -> text.insert(random.nextInt(text.length()), text.substring(at, other));
      }
      if (text.isEmpty()) {
        break;
      }
    }
    return text.toString();
  }
}
