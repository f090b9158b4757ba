package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Kind;

class InstallationChoiceTest {
  private static ClusterScene two() {
    return new OtherSpire("spire-b", "b", "b.example", "/run/other").in(healthy());
  }

  /** Of the first only the agents are here. */
  private static ClusterScene oneServer() {
    return two()
        .remove(Kind.STATEFUL_SET, "spire-server")
        .remove(Kind.POD, "spire-server-0")
        .configEdit("spire-agent", "agent.conf", "\"spire-server\"", "\"spire.acme.com\"");
  }

  private static Optional<String> chosen(ClusterScene scene) {
    ClusterCase cluster = new ClusterCase(scene.evidence());
    return InstallationChoice.of(cluster).only().flatMap(one -> one.installation().trustDomain());
  }

  @Test
  void theOnlyOneIsMeantWhateverItsTrustDomain() {
    assertThat(chosen(healthy())).contains("example.org");
    assertThat(chosen(healthy().expectingDomain("other.example"))).contains("example.org");
  }

  @Test
  void oneOfSeveralIsToldByItsTrustDomain() {
    assertThat(chosen(two())).isEmpty();
    assertThat(chosen(two().expectingDomain("b.example"))).contains("b.example");
    assertThat(chosen(two().expectingDomain("other.example"))).isEmpty();
  }

  /** Here it is registered; so tests, too, get their identity here. */
  @Test
  void theOneWithAServerIsMeantUnlessTheOtherIsNamed() {
    assertThat(chosen(oneServer())).contains("b.example");
    assertThat(chosen(oneServer().expectingDomain("example.org"))).contains("example.org");
  }

  /** What is expected of one whose trust domain is unknown says nothing of it. */
  @Test
  void oneOfAnUnknownTrustDomainIsNotTakenForTheOneThatIsNamed() {
    ClusterScene scene =
        two()
            .configEdit("spire-server", "server.conf", "trust_domain", "#")
            .configEdit("spire-agent", "agent.conf", "trust_domain", "#");
    ClusterCase cluster = new ClusterCase(scene.expectingDomain("b.example").evidence());
    List<Optional<String>> domains =
        cluster.installations().stream().map(one -> one.installation().trustDomain()).toList();
    assertThat(domains).containsExactlyInAnyOrder(Optional.empty(), Optional.of("b.example"));
    assertThat(chosen(scene.expectingDomain("b.example"))).contains("b.example");
  }
}
