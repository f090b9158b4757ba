package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.entry.DeclarationScenes.CLASS;
import static org.spiredoctor.diagnosis.rules.entry.DeclarationScenes.without;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.rules.Expect;

class ClusterSpiffeIdMismatchTest {
  @Test
  void clusterSpiffeIdMismatch() {
    Finding typo =
        Expect.first(
            "cluster-spiffe-id-mismatch",
            without(CLASS + ", podSelector: {matchLabels: {appp: web}}"));
    assertThat(typo.confidence()).isEqualTo(Confidence.LIKELY);
    assertThat(typo.remedies().getFirst().summary()).contains("write app=web for appp=web");
    Finding label =
        Expect.first(
            "cluster-spiffe-id-mismatch",
            without(
                CLASS + ", podSelector: {matchLabels: {app: web, spiffe.io/managed: \"true\"}}"));
    assertThat(label.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(label.remedies().getFirst().summary())
        .contains("give the pod the label spiffe.io/managed=true");
    Finding namespace =
        Expect.first(
            "cluster-spiffe-id-mismatch",
            without(CLASS + ", namespaceSelector: {matchLabels: {team: payments}}"));
    assertThat(namespace.remedies().getFirst().summary())
        .contains("meant for namespace apps, give that the label team=payments");
    Expect.first("entry-missing", without(CLASS + ", podSelector: {matchLabels: {app: db}}"));
    Expect.first("entry-missing", without(CLASS + ", podSelector: {matchLabels: {a: b, c: d}}"));
  }

  /** A label would change nothing then. */
  @Test
  void whatNobodyActsOnIsNotNear() {
    assertThat(
            Expect.first("entry-missing", without("podSelector: {matchLabels: {app: wbe}}"))
                .remedies()
                .toString())
        .doesNotContain("write app=web");
  }
}
