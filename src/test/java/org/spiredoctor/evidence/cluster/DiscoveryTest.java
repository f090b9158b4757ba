package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.evidence.cluster.Component.Role;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** Finding SPIRE whatever it is called. */
class DiscoveryTest {
  private static Pod pod(String image, String command) throws JsonProcessingException {
    return Pod.of(
        new YAMLMapper()
            .readTree(
                """
                {metadata: {name: x-0, namespace: identity, uid: u},
                 spec: {containers: [
                   {name: sidecar, image: "envoy:1"},
                   {name: main, image: "%s", command: [%s],
                    volumeMounts: [{name: s, mountPath: /run/agent}]}],
                  volumes: [{name: c, configMap: {name: conf}},
                    {name: s, hostPath: {path: /var/spire}}]},
                 status: {phase: Running}}
                """
                    .formatted(image, command)));
  }

  private static List<Component> find(Role role, Pod pod, String config) {
    return new Discovery(
            List.of(pod),
            List.of(),
            (ns, name) ->
                name.equals("conf") ? Optional.of(Map.of("any", config)) : Optional.empty())
        .find(role);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/spiffe/spire-agent:1.15.3, ''",
    "registry.example:5000/mirror/spire-agent@sha256:abc, ''",
    "example/hardened-spire-agent-fips:2, ''",
    "example/anything:1, /opt/spire/bin/spire-agent",
  })
  void byImageOrProgram(String image, String command) throws JsonProcessingException {
    List<Component> agents = find(Role.AGENT, pod(image, command), "");
    assertThat(agents).hasSize(1);
    assertThat(agents.getFirst().container()).isEqualTo("main");
    assertThat(find(Role.SERVER, pod(image, command), "")).isEmpty();
  }

  @Test
  void otherPodsAreNot() throws JsonProcessingException {
    assertThat(find(Role.AGENT, pod("example/web:1", "/web"), "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent { trust_domain = \"a.org\" socket_path = \"/run/agent/api.sock\" }",
        "{\"agent\":{\"trust_domain\":\"a.org\",\"socket_path\":\"/run/agent/api.sock\"}}",
        "{\"agent\": { \"socket_path\" : \"/run/agent/api.sock\", \"trust_domain\" : \"a.org\"}}"
      })
  void readsConfigurationInHclAndJson(String config) throws JsonProcessingException {
    Component agents = find(Role.AGENT, pod("spire-agent:1", ""), config).getFirst();
    assertThat(agents.config().trustDomain()).contains("a.org");
    assertThat(agents.socketOnNode()).contains("/var/spire/api.sock");
  }

  @Test
  void aDeploymentOwnsThePodsOfItsReplicaSets() throws JsonProcessingException {
    PodOwner owner =
        PodOwner.of(
            "Deployment",
            new YAMLMapper()
                .readTree(
                    """
                    {metadata: {name: srv, namespace: identity, uid: d}, spec: {replicas: 1,
                      template: {spec: {containers: [{name: main, image: spire-server}]}}}}
                    """));
    Pod pod =
        Pod.of(
            new YAMLMapper()
                .readTree(
                    """
                    {metadata: {name: srv-5f-x, namespace: identity, uid: u, ownerReferences:
                      [{kind: ReplicaSet, name: srv-5f, uid: r}]},
                     spec: {containers: [{name: main, image: spire-server}]}}
                    """));
    List<Component> found =
        new Discovery(List.of(pod), List.of(owner), (_, _) -> Optional.empty()).find(Role.SERVER);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().pods()).containsExactly(pod);
  }
}
