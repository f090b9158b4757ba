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
  @ValueSource(strings = {"(a+)+$", "(a|a)*b", "(a|aa)+$", "((a*)*)*b", "(.*.*.*.*.*.*)*b"})
  void aPatternThatNeverEndsIsStopped(String pattern) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> GoRegexp.finds(pattern, "a".repeat(62) + "!"));
  }

  @Test
  void honestPatternsAreFound() {
    assertThat(GoRegexp.finds("openshift-*", "openshift-dns")).isTrue();
    assertThat(GoRegexp.finds("kube-system", "kube-system")).isTrue();
    assertThat(GoRegexp.finds("^kube$", "kube-system")).isFalse();
    assertThat(GoRegexp.finds("[", "[")).isTrue();
  }
}
