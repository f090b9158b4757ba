package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Kind;

/** Commands that give rights, access to nodes or trust are for SPIRE alone. */
class GrantsTest {
  /** Words of such commands. */
  private static final List<String> GRANTS =
      List.of(
          "clusterrole",
          "rolebinding",
          "hostPID",
          "hostNetwork",
          "service_account_allow_list",
          "serviceAccountName",
          "enforce=privileged",
          "token generate");

  private static List<String> commands(Report report) {
    return report.findings().stream()
        .flatMap(one -> one.finding().remedies().stream())
        .map(Remedy::block)
        .toList();
  }

  private static boolean grants(String command) {
    return GRANTS.stream().anyMatch(command::contains);
  }

  /** Agents that want all there is to be had. */
  private static ClusterScene greedy() {
    ClusterScene scene = new OtherSpire("tenant", "spire", "example.org", "/run/x").in(healthy());
    for (Kind kind : List.of(Kind.POD, Kind.DAEMON_SET)) {
      String pointer = kind == Kind.POD ? "/spec" : "/spec/template/spec";
      for (String name : List.of("spire-agent-q1w2e", "spire-agent")) {
        scene.edit(
            kind,
            name,
            o -> {
              if (o.at("/metadata/namespace").asText().equals("tenant")) {
                ((ObjectNode) o.at(pointer)).put("hostPID", false);
              }
            });
      }
    }
    Stream.of("nodes/proxy", "nodes/pods")
        .map(resource -> Access.everywhere("tenant:spire-agent", "get", "", resource))
        .forEach(scene::denied);
    Stream.of("tokenreviews")
        .map(
            resource ->
                Access.everywhere(
                    "tenant:spire-server", "create", "authentication.k8s.io", resource))
        .forEach(scene::denied);
    return scene
        .otherServer("tenant", "spire-server-0", List.of(), List.of())
        .log(
            "tenant",
            "spire-agent-q1w2e",
            "spire-agent",
            false,
            "level=error msg=\"Agent crashed\" error=\"failed to attest: nodeattestor(k8s_psat):"
                + " \\\"tenant:spire-agent\\\" is not an allowed service account\"\n")
        .event(
            "DaemonSet",
            "tenant",
            "spire-agent",
            "FailedCreate",
            "pods \"x\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces"
                + " (hostPID=true), hostPath volumes");
  }

  @Test
  void whatIsNotKnownToBeSpireIsGivenNothing() {
    Report report = greedy().report();
    assertThat(report.findings()).isNotEmpty();
    assertThat(commands(report)).noneMatch(GrantsTest::grants);
    assertThat(report.findings().stream().flatMap(one -> one.finding().remedies().stream()))
        .anySatisfy(
            remedy -> {
              assertThat(remedy).isInstanceOf(Remedy.Advice.class);
              assertThat(remedy.summary()).contains("--spire-namespace tenant");
            });
  }

  @Test
  void besideSpireItIsNotEvenAsked() {
    Report report = greedy().kubeletRights("spire-system:spire-agent").report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.HEALTHY);
    assertThat(report.checked().parts())
        .filteredOn(Report.Part::aside)
        .hasSize(2)
        .allSatisfy(part -> assertThat(part.subject().namespace()).contains("tenant"));
  }

  @Test
  void theUsersWordIsEnough() {
    assertThat(commands(greedy().spireIn("tenant").report())).anyMatch(GrantsTest::grants);
  }
}
