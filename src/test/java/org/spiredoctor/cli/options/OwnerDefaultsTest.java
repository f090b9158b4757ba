package org.spiredoctor.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.identity.EntryOwner;
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
  void aNamespaceThatNobodyNamedIsGuessed() {
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
