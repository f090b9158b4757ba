package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

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

  private static InstallationChoice of(ClusterScene scene) {
    return InstallationChoice.of(new ClusterCase(scene.evidence()));
  }

  /** Its trust domain, {@code unknown}, or {@code none} where it is not known which is meant. */
  private static String chosen(ClusterScene scene) {
    return of(scene)
        .only()
        .map(one -> one.installation().trustDomain().orElse("unknown"))
        .orElse("none");
  }

  @Test
  void theOnlyOneIsMeantWhateverItsTrustDomain() {
    assertThat(chosen(healthy())).isEqualTo("example.org");
    assertThat(chosen(healthy().expectingDomain("other.example"))).isEqualTo("example.org");
  }

  @Test
  void oneOfSeveralIsToldByItsTrustDomain() {
    assertThat(chosen(two())).isEqualTo("none");
    assertThat(chosen(two().expectingDomain("b.example"))).isEqualTo("b.example");
    assertThat(chosen(two().expectingDomain("other.example"))).isEqualTo("none");
  }

  /** Here it is registered; so tests, too, get their identity here. */
  @Test
  void theOneWithAServerIsMeantUnlessTheOtherIsNamed() {
    assertThat(chosen(oneServer())).isEqualTo("b.example");
    assertThat(chosen(oneServer().expectingDomain("example.org"))).isEqualTo("example.org");
  }

  private static ClusterScene withoutDomain(ClusterScene scene) {
    return scene
        .configEdit("spire-server", "server.conf", "trust_domain", "#")
        .configEdit("spire-agent", "agent.conf", "trust_domain", "#");
  }

  /** What is expected of one that tells no trust domain says nothing of it. */
  @Test
  void oneThatTellsNoTrustDomainIsMeantOnlyWhereNoOtherIs() {
    ClusterScene scene = withoutDomain(two());
    assertThat(chosen(scene)).isEqualTo("none");
    assertThat(chosen(scene.expectingDomain("b.example"))).isEqualTo("b.example");
    assertThat(chosen(scene.expectingDomain("example.org"))).isEqualTo("unknown");
  }

  @Test
  void theQuestionNamesWhatThereIs() {
    assertThat(of(two()).question())
        .startsWith("there are several SPIREs")
        .contains("spire-system", "spire-b");
    assertThat(of(two().expectingDomain("other.example")).question())
        .startsWith("none of the SPIREs is of the trust domain other.example")
        .contains("example.org", "b.example");
  }

  @Test
  void agentsAloneAreNoPlaceToRegisterAt() {
    assertThat(of(oneServer().expectingDomain("example.org")).haveServer()).isFalse();
    assertThat(of(oneServer()).haveServer()).isTrue();
  }
}
