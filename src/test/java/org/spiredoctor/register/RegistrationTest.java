package org.spiredoctor.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;

/** What keeps entries from being registered. */
class RegistrationTest {
  @Test
  void aNamespaceThatNobodyNamedMustBeThere() {
    ClusterScene scene = ClusterScene.healthy();
    Optional<String> usual = Optional.of("spire-system");
    assertThat(Registration.absent(usual, scene.evidence())).isEmpty();
    scene.remove(Kind.NAMESPACE, "spire-system");
    assertThat(Registration.absent(usual, scene.evidence()).toString())
        .contains("spire-system, which is the default, does not exist: name it with --namespace");
    assertThat(Registration.absent(Optional.empty(), scene.evidence())).isEmpty();
    assertThat(Registration.absent(usual, scene.forbidden(Kind.NAMESPACE).evidence())).isEmpty();
  }
}
