package org.spiredoctor.kube.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.kube.config.Credentials.Shown;
import org.spiredoctor.kube.config.ExecPlugin.Interaction;
import org.spiredoctor.program.Until;

/** Credentials that change with time. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CredentialsTest {
  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aTokenFileIsReadAgainEachMinute() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "one\n");
    TokenFile token = new TokenFile(file, "", Optional.empty(), () -> now);
    Files.writeString(file, "two");
    now = now.plusSeconds(59);
    assertThat(token.now().authorization()).contains("Bearer one");
    now = now.plusSeconds(1);
    assertThat(token.now().authorization()).contains("Bearer two");
    // While it is being replaced, the last one is the best there is.
    Files.delete(file);
    now = now.plusSeconds(60);
    assertThat(token.now().authorization()).contains("Bearer two");
  }

  @Test
  void thePodsServiceAccountIsThatOfTheKubelet() throws Exception {
    Files.writeString(directory.resolve("token"), "one");
    Files.writeString(directory.resolve("ca.crt"), "none");
    Files.writeString(directory.resolve("namespace"), "apps");
    ServiceAccount account =
        new ServiceAccount(
            directory,
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"));
    assertThat(account.available()).isTrue();
    ApiTarget target = account.target(() -> now);
    assertThat(target.server()).hasToString("https://[fd00::1]:443");
    assertThat(target.namespace()).contains("apps");
    assertThat(target.credentials().now().authorization()).contains("Bearer one");
    Files.writeString(directory.resolve("token"), "two");
    now = now.plusSeconds(60);
    assertThat(target.credentials().now().authorization()).contains("Bearer two");
    assertThat(new ServiceAccount(directory, Map.of()).available()).isFalse();
    ServiceAccount elsewhere =
        new ServiceAccount(
            directory,
            Map.of(
                "KUBERNETES_SERVICE_HOST",
                "10.96.0.1",
                "KUBERNETES_SERVICE_PORT",
                "443",
                "POD_NAMESPACE",
                "web"));
    assertThat(elsewhere.target(() -> now).namespace()).contains("web");
  }

  private ExecPlugin plugin(String script) {
    return new ExecPlugin(
        new ExecPlugin.Settings(
            "client.authentication.k8s.io/v1",
            "sh",
            List.of("-c", script),
            Map.of(),
            Interaction.NEVER,
            "",
            Optional.empty()),
        System.getenv(),
        () -> now,
        false,
        Duration.ofSeconds(1));
  }

  /** A check sends a dozen requests at once; each of them would wait for the whole limit. */
  @Test
  void aPluginThatFailsIsNotRunForEachRequest() throws Exception {
    Path runs = directory.resolve("runs");
    ExecPlugin plugin = plugin("echo x >> '" + runs + "'; echo no login >&2; exit 1");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(plugin::now).hasMessageEndingWith("failed with exit code 1: no login");
    }
    assertThat(runs).hasContent("x");
    now = now.plusSeconds(10);
    assertThatThrownBy(plugin::now).hasMessageContaining("no login");
    assertThat(Files.readAllLines(runs)).hasSize(2);
  }

  @Test
  void whatWasRefusedToManyIsRenewedOnce() throws Exception {
    Path runs = directory.resolve("runs");
    ExecPlugin plugin =
        plugin(
            """
            echo x >> '%1$s'
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "@"}}' \
              | sed "s/@/$(wc -l < '%1$s')/"
            """
                .formatted(runs));
    Shown refused = plugin.now();
    assertThat(plugin.renewed(refused)).isTrue();
    assertThat(plugin.renewed(refused)).isTrue();
    assertThat(plugin.now().authorization()).contains("Bearer 2");
    assertThat(plugin.renewed(plugin.now())).isTrue();
    assertThat(plugin.now().authorization()).contains("Bearer 3");

    Path file = Files.writeString(directory.resolve("token"), "one");
    TokenFile token = new TokenFile(file, "", Optional.empty(), () -> now);
    Shown old = token.now();
    assertThat(token.renewed(old)).isFalse();
    Files.writeString(file, "two");
    assertThat(token.renewed(old)).isTrue();
    assertThat(token.renewed(old)).isTrue();
  }

  @Test
  void aPluginThatDoesNotEndIsStopped() {
    ExecPlugin plugin = plugin("echo waiting for you >&2; sleep 60 & wait");
    long began = System.nanoTime();
    assertThatThrownBy(plugin::now)
        .hasMessageStartingWith("exec plugin sh did not end within 1 s and was stopped");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
    // Who is killed is there until the kernel has ended it.
    Until.holds(
        () -> ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive),
        Duration.ofSeconds(5));
  }
}
