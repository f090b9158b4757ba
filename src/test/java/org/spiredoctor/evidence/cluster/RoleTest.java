package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.evidence.cluster.Component.Role;
import org.spiredoctor.kube.Pod;

/** A container is SPIRE by what it does. */
class RoleTest {
  private static Pod pod(String image, String command, String args) {
    return Components.pod("apps", "x", image, ", command: [" + command + "], args: [" + args + "]");
  }

  private static boolean isSpire(Pod pod) {
    return new Discovery(List.of(), List.of(), (_, _) -> Optional.empty()).isSpire("apps", pod);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The image's own command, in the words of several layouts.
        "ghcr.io/spiffe/spire-agent:1.9 | '' | ''",
        "ghcr.io/spiffe/spire-agent:1.9 | '' | -config, /run/spire/config/agent.conf",
        "ghcr.io/spiffe/spire-agent:1.15.3 | '' | -expandEnv, -config, /a.conf",
        "ghcr.io/spiffe/spire-agent:1.9@sha256:abc | '' | run",
        "registry.example/ztwim/spiffe-spire-agent-rhel9@sha256:abc | '' | -config, /a.conf",
        // A command of its own.
        "example/own:1 | /opt/spire/bin/spire-agent | run",
        "example/own:1 | /opt/spire/bin/spire-agent | -config, /a.conf",
        "example/own:1 | spire-agent, run, -config, /a.conf | ''",
        "example/own:1 | /sbin/tini, --, /opt/spire/bin/spire-agent | run",
        "example/own:1 | /bin/sh, -c | exec /opt/spire/bin/spire-agent run -config /a.conf",
      })
  void anAgentRuns(String image, String command, String args) {
    assertThat(Role.AGENT.container(pod(image, command, args))).isPresent();
    assertThat(Role.SERVER.container(pod(image, command, args))).isEmpty();
    assertThat(isSpire(pod(image, command, args))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The client of the official quickstart.
        "ghcr.io/spiffe/spire-agent:1.5.1 | /opt/spire/bin/spire-agent | api, watch, -socketPath, /s",
        "ghcr.io/spiffe/spire-agent:1.5.1 | '' | api, fetch",
        "ghcr.io/spiffe/spire-agent:1.5.1 | sleep | infinity",
        "ghcr.io/spiffe/spire-agent:1.5.1 | /bin/sh, -c | sleep 1000",
        "ghcr.io/spiffe/spire-agent:1.5.1 | /opt/spire/bin/spire-agent, healthcheck | ''",
        "ghcr.io/spiffe/spire-server:1.5.1 | /opt/spire/bin/spire-server, bundle, show | ''",
        "example/own:1 | cp, /opt/spire/bin/spire-agent | /shared",
        "example/web:1 | '' | ''",
      })
  void aWorkloadIsNone(String image, String command, String args) {
    assertThat(Role.AGENT.container(pod(image, command, args))).isEmpty();
    assertThat(Role.SERVER.container(pod(image, command, args))).isEmpty();
    assertThat(isSpire(pod(image, command, args))).isFalse();
  }

  @Test
  void anInitContainerOfSpiresImageMakesNoSpire() {
    Pod pod =
        Components.pod(
            "apps",
            "x",
            "example/web:1",
            "}], initContainers: [{name: wait, image: 'spire-agent:1', command: [spire-agent,"
                + " healthcheck]");
    assertThat(pod.containers()).hasSize(2);
    assertThat(isSpire(pod)).isFalse();
  }
}
