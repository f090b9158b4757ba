package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.cli.options.DurationConverter;
import org.spiredoctor.cli.options.TestPodOptions;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;
import picocli.CommandLine;

/** Which directory of a node {@code run} mounts into a test pod. */
class TestPodPlanTest {
  private static TestPodRequest request(String... flags) throws UsageException {
    TestPodOptions options = new TestPodOptions();
    new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(new Command(options)))
        .registerConverter(Duration.class, new DurationConverter())
        .parseArgs(flags);
    return options.request(Map.of());
  }

  @CommandLine.Command
  private record Command(@CommandLine.Mixin TestPodOptions options) {}

  private static TestPodPlan of(ClusterScene scene) throws UsageException {
    return TestPodPlan.of(new ClusterCase(scene.evidence()));
  }

  private static void mounts(String directory, ClusterScene scene, String... flags)
      throws UsageException {
    assertThat(of(scene).refusal(request(flags))).isEmpty();
    assertThat(of(scene).volume(request(flags))).contains(new SocketVolume.HostPath(directory));
  }

  private static void refuses(String why, ClusterScene scene, String... flags)
      throws UsageException {
    assertThat(of(scene).refusal(request(flags)).orElse("")).contains(why);
    assertThat(of(scene).volume(request(flags))).isEmpty();
  }

  /** The path that its owner would like to see mounted. */
  private static ClusterScene lookAlike(ClusterScene scene) {
    return scene
        .object(
            Kind.DEPLOYMENT,
            """
            {metadata: {name: a-spire-agent, namespace: apps, uid: evil},
             spec: {replicas: 0, template: {metadata: {labels: {app: evil}},
               spec: {hostPID: true, containers: [{name: x, image: "evil/spire-agent:1",
                   volumeMounts: [{name: all, mountPath: /host}]}],
                 volumes: [{name: all, hostPath: {path: /}}, {name: c, configMap: {name: x}}]}}},
             status: {}}
            """)
        .configMapIn(
            "apps",
            "x",
            "agent.conf",
            """
            agent {
              trust_domain = "example.org"
              server_address = "spire-server.spire-system"
              socket_path = "/host/etc/kubernetes/api.sock"
            }
            """);
  }

  @Test
  void thatOfTheAgents() throws UsageException {
    mounts("/run/spire/sockets", healthy());
  }

  @Test
  void notThatOfALookAlike() throws UsageException {
    mounts("/run/spire/sockets", lookAlike(healthy()));
    // Without the real agents there is none to take it from.
    ClusterScene alone =
        lookAlike(healthy())
            .remove(Kind.DAEMON_SET, "spire-agent")
            .remove(Kind.POD, "spire-agent-x1y2z");
    assertThat(of(alone).agent(Optional.empty())).isEmpty();
    assertThat(of(alone).volume(request()))
        .contains(new SocketVolume.HostPath("/tmp/spire-agent/public"));
  }

  @Test
  void notThatOfAgentsThatDoNotServe() throws UsageException {
    refuses("No SPIRE Agent is ready", healthy().agentNotReady());
    refuses("No SPIRE Agent is ready on node node-2", healthy(), "--node", "node-2");
    mounts("/run/other", healthy().agentNotReady(), "--socket-dir", "/run/other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/etc", "/var/lib/kubelet/pods", "/run/containerd", "/proc/1", "/run"})
  void noDirectoryThatHoldsMore(String directory) throws UsageException {
    refuses("is not mounted into a pod", healthy(), "--socket-dir", directory);
    ClusterScene misled =
        healthy().set(Kind.POD, "spire-agent-x1y2z", "/spec/volumes/1/hostPath/path", directory);
    refuses("is not mounted into a pod", misled);
  }

  /** Whoever may make a pod in a namespace of his own could keep tests from their identity. */
  @ParameterizedTest
  @ValueSource(strings = {"spire-system", "apps"})
  void aDriverOnlyFromTheNamespaceOfTheAgents(String namespace) throws UsageException {
    ClusterScene scene =
        healthy()
            .object(Kind.CSI_DRIVER, "{metadata: {name: csi.spiffe.io}}")
            .object(
                Kind.POD,
                """
                {metadata: {name: driver, namespace: %s, uid: driver},
                 spec: {nodeName: node-1, containers: [{name: driver, image: "spiffe-csi-driver:1",
                     args: [-workload-api-socket-dir, /agent],
                     volumeMounts: [{name: agent, mountPath: /agent}]}],
                   volumes: [{name: agent, hostPath: {path: /run/spire/sockets}}]},
                 status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
                """
                    .formatted(namespace));
    assertThat(of(scene).volume(request()))
        .contains(
            namespace.equals("apps")
                ? new SocketVolume.HostPath("/run/spire/sockets")
                : new SocketVolume.Csi("csi.spiffe.io"));
  }
}
