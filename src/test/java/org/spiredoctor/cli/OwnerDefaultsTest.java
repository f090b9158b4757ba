package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.kube.Kind;
import picocli.CommandLine;

/** Whose entries are where nobody says it. */
class OwnerDefaultsTest {
  private static EntryOwner owner(EntryOwner otherwise, String... words) throws UsageException {
    return CommandLine.populateCommand(new DeclarationOptions(), words).owner(otherwise);
  }

  @Test
  void whatIsNamedBeatsTheDefault() throws UsageException {
    EntryOwner namespace = EntryOwner.ofNamespace("apps");
    assertThat(owner(namespace)).isEqualTo(new EntryOwner("apps"));
    assertThat(owner(namespace, "--owner", "team")).isEqualTo(new EntryOwner("team"));
    assertThat(owner(EntryOwner.NOBODY)).isEqualTo(EntryOwner.NOBODY);
    assertThat(owner(EntryOwner.ofRun("apps", "tests"))).isEqualTo(new EntryOwner("apps.tests"));
  }

  @Test
  void aNamespaceThatNobodyNamedMustBeThere() {
    assertThat(CommandLine.populateCommand(new DeclarationOptions()).guessesNamespace(Map.of()))
        .isTrue();
    assertThat(
            CommandLine.populateCommand(new DeclarationOptions(), "-n", "shop")
                .guessesNamespace(Map.of()))
        .isFalse();
    assertThat(
            CommandLine.populateCommand(new DeclarationOptions())
                .guessesNamespace(Map.of("NS", "shop")))
        .isFalse();
    ClusterScene scene = ClusterScene.healthy();
    Optional<String> usual = Optional.of("spire-system");
    assertThat(Registration.absent(usual, scene.evidence())).isEmpty();
    scene.remove(Kind.NAMESPACE, "spire-system");
    assertThat(Registration.absent(usual, scene.evidence()).toString())
        .contains("spire-system, which is the default, does not exist: name it with --namespace");
    assertThat(Registration.absent(Optional.empty(), scene.evidence())).isEmpty();
    assertThat(Registration.absent(usual, scene.forbidden(Kind.NAMESPACE).evidence())).isEmpty();
  }

  @Test
  void whatIsNoNameIsRefused() {
    assertThatThrownBy(() -> owner(EntryOwner.NOBODY, "--owner", "a/b"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--owner a/b");
    assertThatThrownBy(() -> owner(EntryOwner.ofNamespace("a/b")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--namespace a/b");
  }
}
