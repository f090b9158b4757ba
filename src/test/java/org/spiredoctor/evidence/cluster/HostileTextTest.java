package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A megabyte of whatever an adversary writes into a config map is read in less than a second. */
class HostileTextTest {
  private static final int MEGABYTE = 1024 * 1024;

  private static String much(String of) {
    return of.repeat(MEGABYTE / of.length());
  }

  private static Stream<String> texts() {
    return Stream.of(
            "\n",
            " \n",
            " ",
            "{",
            "[{",
            "\"",
            "\\",
            "${",
            "<<",
            "/*",
            "a=",
            "a ",
            "- ",
            "\n -",
            "className:\n",
            "className  ",
            "entryIDPrefixCleanup: ",
            "a: [",
            "\r",
            "-")
        .map(HostileTextTest::much)
        .flatMap(text -> Stream.of(text, "ignoreNamespaces:" + text));
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("texts")
  void isReadInTime(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          ThreadMXBean threads = ManagementFactory.getThreadMXBean();
          long before = threads.getCurrentThreadCpuTime();
          new SpireConfig(text).trustDomain();
          YamlLines lines = new YamlLines(text);
          lines.value("className");
          lines.isEmpty("entryIDPrefixCleanup");
          lines.list("ignoreNamespaces");
          assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before))
              .isLessThan(Duration.ofSeconds(1));
        });
  }

  @Test
  void whatIsLongerThanAnyConfigurationIsNone() {
    String text = "agent { trust_domain = \"a.org\" }\n";
    assertThat(config(text).trustDomain()).contains("a.org");
    assertThat(config(text + " ".repeat(SpireConfig.LONGEST)).known()).isFalse();
  }

  private static SpireConfig config(String text) {
    return new Discovery(
            List.of(Components.pod("apps", "agent", "ghcr.io/spiffe/spire-agent:1")),
            List.of(),
            (_, _) -> Optional.of(Map.of("agent.conf", text)))
        .find(Component.Role.AGENT)
        .getFirst()
        .config();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(a|a)*b",
        "(a|aa)+$",
        "((a*)*)*b",
        "(.*.*.*.*.*.*)*b",
        "(){2000000000}X",
        "((){1000}){1000}X",
        "((((){1000}){1000}){1000}){1000}X",
        "a(|){60}\\A",
        "a(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)\\A",
        "((((((a{1,1000}){1,1000})*)*)*){1000})*b"
      })
  void aPatternThatNeverEndsIsStopped(String pattern) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> GoRegexp.finds(pattern, "a".repeat(62) + "!"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "openshift-* openshift-dns",
        "kube-system kube-system",
        "kube kube-system",
        "^kube-.*$ kube-system",
        "^(kube|spire)-(system|public)$ spire-public",
        "(?i)KUBE- kube-system",
        "(?:a|b)+c xabac",
        "(?P<name>team-[a-z0-9]{2,5})$ team-ab12",
        "^[^a-m]+$ zoo",
        "^[[:alpha:]]+-[[:digit:]]+$ team-12",
        "^[]a]$ a",
        "^a{2}b{1,}c{0,1}$ aabbb",
        "\\bsystem\\b kube-system",
        "^\\w+-\\d{2}\\.x$ team-12.x",
        "^a{x}$ a{x}",
        "(a|b*)*?c ababc",
      })
  void honestPatternsAreFound(String pattern, String text) {
    assertThat(GoRegexp.finds(pattern, text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^kube$ kube-system",
        "^system kube-system",
        "\\Asystem kube-system",
        "kube\\z kube-system",
        "^a{2}$ a",
        "^a{1,2}$ aaa",
        "^[^a-m]+$ zoa",
        "^a.$ a",
        "KUBE kube-system",
        "ab|cd acbd",
      })
  void othersAreNot(String pattern, String text) {
    assertThat(GoRegexp.finds(pattern, text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[", "(", ")", "*", "a**", "a{1001}", "a{2}{3}", "a{3,2}", "(?=a)", "\\1", "(?x)a"
      })
  void whatGoRefusesIsOnlyItself(String pattern) {
    assertThat(GoRegexp.finds(pattern, pattern)).isTrue();
    assertThat(GoRegexp.finds(pattern, "a" + pattern + "a".repeat(2000))).isFalse();
  }
}
