package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;
import static org.spiredoctor.diagnosis.OfferedRemedies.APP;
import static org.spiredoctor.diagnosis.OfferedRemedies.NS;
import static org.spiredoctor.diagnosis.OfferedRemedies.SA;
import static org.spiredoctor.diagnosis.OfferedRemedies.SLIP;
import static org.spiredoctor.diagnosis.OfferedRemedies.admin;
import static org.spiredoctor.diagnosis.OfferedRemedies.assertGivenItsOwn;
import static org.spiredoctor.diagnosis.OfferedRemedies.change;
import static org.spiredoctor.diagnosis.OfferedRemedies.commands;
import static org.spiredoctor.diagnosis.OfferedRemedies.consent;
import static org.spiredoctor.diagnosis.OfferedRemedies.first;
import static org.spiredoctor.diagnosis.OfferedRemedies.named;
import static org.spiredoctor.diagnosis.OfferedRemedies.pod;
import static org.spiredoctor.diagnosis.OfferedRemedies.with;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.FixPolicy.Consent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Redaction;

/** No remedy gives a pod the identity of somebody else. */
class HarmlessRemediesTest {
  @ParameterizedTest
  @ValueSource(strings = {"k8s:ns:app", "k8s:ns:payments"})
  void anEntryOfAnotherNamespaceStaysThere(String namespace) {
    Entry theirs = entry("theirs", "spiffe://example.org/payments", ALIAS, namespace, SA, APP);
    Finding found = first(healthy().webEntry(theirs));
    assertThat(found.id()).isEqualTo("entry-selector-mismatch");
    assertThat(commands(found))
        .singleElement()
        .asString()
        .contains(" entry create ", "-spiffeID spiffe://example.org/ns/apps/sa/default", NS)
        .doesNotContain("spiffe://example.org/payments");
    assertThat(found.remedies().get(1).summary())
        .contains("not changed: it belongs to " + namespace);
    assertThat(FixPolicy.decide(found, change(found)).consent()).isEqualTo(Consent.SHOWN);
  }

  /** The usual SPIFFE ID of the pod may be that of the very entry. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:ns:apps k8s:sa:default k8s:pod-image:registry.test/web:1",
        "k8s:ns:apps k8s:sa:default k8s:container-image:registry.test/web:1",
        "k8s:ns:apps k8s:pod-label:app:web k8s:sa:defualt k8s:pod-image:registry.test/web:1",
        "k8s:sa:default k8s:pod-image-count:5",
        "k8s:sa:default k8s:container-name:worker"
      })
  void anIdentityThatIsLeftToOthersIsNotGivenByAnotherEntry(String selectors) {
    String usual = "spiffe://example.org/ns/apps/sa/default";
    Finding found = first(healthy().webEntry(entry("e1", usual, ALIAS, selectors.split(" "))));
    assertThat(commands(found)).noneMatch(command -> command.contains("entry "));
    assertThat(found.remedies())
        .extracting(Remedy::summary)
        .startsWith(
            "If the pod is right, create an entry of its own for it, of another SPIFFE ID than "
                + usual)
        .anyMatch(summary -> summary.contains("is not changed: it "));
  }

  /** Nor for who names both: without the image that it asks for it would be another entry. */
  @ParameterizedTest
  @ValueSource(strings = {"k8s:pod-image:web:7", "k8s:pod-image-count:5", "k8s:container-name:wep"})
  void anIdentityThatIsLeftToOthersIsGivenToNobodyByFix(String selector) {
    ClusterScene wide = named(healthy().webEntry(entry("e1", WEB, ALIAS, SA, selector)));
    assertThat(change(first(wide)).command()).contains("entry create -spiffeID " + WEB);
    assertThat(consent(wide)).isEqualTo(Consent.SHOWN);
    assertThat(first(wide).confidence()).isEqualTo(Finding.Confidence.POSSIBLE);
  }

  /** Of which it was is not known: a label or a service account of the name is in many. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:sa:default k8s:pod-label:app:wep",
        "k8s:pod-label:app:wep",
        "k8s:sa:default k8s:pod-label:app:database",
        "k8s:sa:default k8s:container-image:web:7",
        "k8s:sa:default k8s:pod-image-count:5",
        "k8s:sa:default k8s:pod-owner:ReplicaSet:web-5d",
        "k8s:sa:default k8s:nss:apps",
        "k8s:sa:default k8s:container-name:worker",
        "k8s:container-name:worker k8s:pod-label:app:web"
      })
  void anEntryOfNoNamespaceIsGivenNone(String selectors) {
    ClusterScene scene = healthy().webEntry(entry("e1", WEB, ALIAS, selectors.split(" ")));
    Finding found = first(scene);
    assertGivenItsOwn(found);
    assertThat(found.remedies().get(1).summary())
        .isEqualTo(
            "The entry e1 ("
                + WEB
                + ") is not changed: it names no namespace, so it may be meant for pods of another");
    assertThat(commands(first(named(scene)))).noneMatch(c -> c.contains("entry update"));
  }

  @Test
  void anEntryOfAnotherServiceAccountStaysItsOwn() {
    Finding found = first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, "k8s:sa:defualt", APP)));
    assertThat(commands(found)).singleElement().asString().doesNotContain(WEB + " ");
    assertThat(found.remedies().get(1).summary()).contains("belongs to k8s:sa:defualt");
  }

  @Test
  void anAdminOrDownstreamEntryIsNeverOffered() {
    Entry near = entry("near", WEB, ALIAS, NS, SA, SLIP);
    for (Entry entry : List.of(admin(near), with(near, Optional.empty(), false, true))) {
      for (ClusterScene scene : List.of(healthy(), named(healthy()))) {
        Finding found = first(scene.webEntry(entry));
        assertThat(commands(found)).noneMatch(command -> command.contains("entry "));
        assertThat(found.remedies().toString()).contains("admin or downstream");
      }
    }
    Entry expired =
        with(entry("e", WEB, ALIAS, NS, SA, APP), Optional.of(NOW.minusSeconds(60)), true, false);
    assertThat(commands(first(named(healthy().webEntry(expired))))).isEmpty();
    // The server asks for the SPIFFE ID, so that a second entry of it would be an admin too.
    Finding second =
        first(named(healthy().webEntry(admin(entry("e", WEB, ALIAS, "k8s:ns:x", "k8s:sa:y")))));
    assertThat(second.id()).isEqualTo("entry-missing");
    assertThat(commands(second)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:image-signature:verified",
        "k8s:sigstore-validation:passed",
        "k8s:ns-label:team:shop",
        "docker:label:a:b",
        "unix:uid:1000",
        "unix:path:/bin/web",
        "systemd:id:web.service",
        "windows:user_name:web",
        "other:thing"
      })
  void whatCannotBeSeenIsNeverDropped(String selector) {
    for (String other : List.of(SLIP, "k8s:pod-owner:ReplicaSet:web-5d", "k8s:pod-image-count:3")) {
      Finding found = first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, SA, other, selector)));
      List<String> its = commands(found).stream().filter(c -> c.contains(WEB + " ")).toList();
      assertThat(its).allMatch(command -> command.contains("-selector " + selector));
      // Of what the agents never compute, it is only said that they do not.
      assertThat(its.isEmpty() && other.equals(SLIP) && selector.startsWith("unix:uid:"))
          .as("%s", found)
          .isFalse();
    }
  }

  @Test
  void anEntryThatServesOthersStaysTheirs() {
    ClusterScene scene = healthy().object(Kind.POD, pod("web2", "wbe"));
    Finding found = first(scene);
    assertThat(found.subject().name()).isEqualTo("web2");
    assertThat(commands(found)).singleElement().asString().doesNotContain("-spiffeID " + WEB + " ");
    assertThat(found.remedies().get(1).summary()).contains("serves other pods");
  }

  @Test
  void whatWasRedactedIsNoPartOfAChange() {
    assertThat(Redaction.text("password=abcdefghijkl")).contains(FixPolicy.REDACTED);
    String hidden = FixPolicy.REDACTED;
    Finding label =
        first(
            healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, APP))
                .set(Kind.POD, "web", "/metadata/labels", "{app: '" + hidden + "'}"));
    assertThat(commands(label)).noneMatch(command -> command.contains("entry "));
    Finding image =
        first(
            healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:web:1.2.345"))
                .set(
                    Kind.POD,
                    "web",
                    "/status/containerStatuses",
                    "[{name: app, image: 'web:"
                        + hidden
                        + "', ready: true, state: {running: {}}}]"));
    assertThat(commands(image)).noneMatch(command -> command.contains(hidden));
  }

  @ParameterizedTest
  @ValueSource(strings = {"container-image:web:7", "pod-image-count:5", "pod-label:app:database"})
  void whereOnlyOnePodWasReadAnEntryThatFitsInPartMayBeForAnother(String other) {
    Finding found =
        first(
            healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:" + other))
                .podsOf("spire-system")
                .object(Kind.POD, pod("web", "web"))
                .askingFor("apps", "web"));
    assertGivenItsOwn(found);
    assertThat(found.remedies().get(1).summary()).endsWith("only this one was looked at");
  }
}
