package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Owner;
import picocli.CommandLine;

/** Whose entries are where nobody says it. */
class OwnerDefaultsTest {
  private static Owner owner(Owner otherwise, String... words) throws UsageException {
    return CommandLine.populateCommand(new DeclarationOptions(), words).owner(otherwise);
  }

  @Test
  void whatIsNamedBeatsTheDefault() throws UsageException {
    Owner namespace = Owner.ofNamespace("apps");
    assertThat(owner(namespace)).isEqualTo(new Owner("apps"));
    assertThat(owner(namespace, "--owner", "team")).isEqualTo(new Owner("team"));
    assertThat(owner(Owner.NOBODY)).isEqualTo(Owner.NOBODY);
    assertThat(owner(Owner.ofRun("apps", "tests"))).isEqualTo(new Owner("apps.tests"));
  }

  @Test
  void whatIsNoNameIsRefused() {
    assertThatThrownBy(() -> owner(Owner.NOBODY, "--owner", "a/b"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--owner a/b");
    assertThatThrownBy(() -> owner(Owner.ofNamespace("a/b")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--namespace a/b");
  }
}
