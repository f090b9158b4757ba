package org.spiredoctor.report;

import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;

/** What was looked at of a cluster, for {@code check -v}. */
public final class ClusterEvidenceText {
  /** Objects that are named. */
  private static final int MOST = 10;

  private final StringBuilder out = new StringBuilder();

  private ClusterEvidenceText() {}

  /** Line by line. */
  public static String render(ClusterEvidence evidence, Style style) {
    ClusterEvidenceText text = new ClusterEvidenceText();
    text.line("seen at", evidence.at().toString());
    text.told("cluster", evidence.snapshot().cluster(), Function.identity());
    text.told("pods", evidence.pods(), pods -> String.valueOf(pods.size()));
    Stream.concat(evidence.servers().stream(), evidence.agents().stream())
        .forEach(
            one -> {
              text.part(one, "");
              text.settings(evidence, one);
            });
    ControllerManager.of(evidence, evidence.servers()).forEach(text::controller);
    text.drivers(evidence);
    text.told("ClusterSPIFFEIDs", ClusterSpiffeId.of(evidence), ClusterEvidenceText::words);
    evidence.aside().forEach(one -> text.part(one, "left aside, "));
    evidence.answers().forEach(text::server);
    return style.plain(text.out.append('\n').toString());
  }

  private void part(Component one, String aside) {
    line(
        one.role().name().toLowerCase(Locale.ROOT),
        one.inWords()
            + ": "
            + aside
            + one.corroboration()
                .map(why -> "corroborated: " + why)
                .orElse("not corroborated: nothing but its own manifest says that it is SPIRE"));
  }

  /** Where what is known of its settings comes from, and where its socket is. */
  private void settings(ClusterEvidence evidence, Component one) {
    line(
        "  config",
        ConfigEdit.of(evidence, one)
            .map(its -> "config map " + its.configMap() + ", key " + its.key())
            .orElse(
                one.config().known()
                    ? "seen, but in no config map"
                    : "not seen: what its arguments do not say is assumed to be as usual"));
    if (one.role() == Component.Role.AGENT) {
      line(
          "  socket",
          one.socketInContainer().orElse("not known")
              + one.socketOnNode()
                  .map(at -> ", on the node " + at)
                  .orElse(", in no directory of the node"));
    }
  }

  private void controller(ControllerManager one) {
    line(
        "controller",
        one.server().inWords()
            + ", container "
            + one.container()
            + ": "
            + (one.config().isEmpty()
                ? "its configuration was not seen"
                : "acts on "
                    + (one.className().isEmpty()
                        ? "objects with and without a class"
                        : "className " + one.className())
                    + (one.ownsAllEntries()
                        ? ", deletes all entries that it did not make"
                        : ", leaves entries of others alone")));
  }

  /** One line for all that hand out the same. */
  private void drivers(ClusterEvidence evidence) {
    CsiDriver.of(evidence.pods().seen().orElse(List.of())).stream()
        .collect(Collectors.groupingBy(CsiDriver::inWords, TreeMap::new, Collectors.counting()))
        .forEach((what, n) -> line("CSI driver", what + ", " + Words.counted(n, "pod")));
  }

  private static String words(List<ClusterSpiffeId> all) {
    String more = all.size() > MOST ? " and " + (all.size() - MOST) + " more" : "";
    return each(
            all.stream().limit(MOST).toList(),
            one ->
                one.name()
                    + (one.className().isEmpty() ? "" : " (" + one.className() + ")")
                    + (one.fallback() ? ", fallback" : "")
                    + ", selects "
                    + Words.counted(one.stats().podsSelected(), "pod"))
        + more;
  }

  private void server(ServerAnswers said) {
    line("asked", "the SPIRE server, by " + said.route().inWords());
    told("  health", said.health(), Function.identity());
    told("  version", said.version(), Function.identity());
    told("  itself", said.info(), ClusterEvidenceText::words);
    told("  agents", said.agents(), all -> String.valueOf(all.size()));
    told("  entries", said.entries(), all -> String.valueOf(all.size()));
    told("  bundle", said.bundle(), ClusterEvidenceText::words);
    told("  federated", said.federated(), all -> each(all, ClusterEvidenceText::words));
    told("  federation", said.relationships(), all -> each(all, ClusterEvidenceText::words));
  }

  private static <T> String each(List<T> all, Function<T, String> words) {
    return all.isEmpty() ? "none" : all.stream().map(words).collect(Collectors.joining("; "));
  }

  private static String words(ServerInfo info) {
    return "runs for "
        + info.uptime().toSeconds()
        + " s"
        + info.svidChain().stream()
            .findFirst()
            .map(
                own ->
                    " as "
                        + own.id()
                        + own.expiresAt().map(at -> ", its SVID expires at " + at).orElse(""))
            .orElse("");
  }

  private static String words(TrustBundle bundle) {
    return bundle.trustDomain()
        + ", number "
        + bundle.sequenceNumber()
        + ": "
        + each(
            bundle.x509Authorities(),
            one ->
                one.subject()
                    + one.notAfter().map(at -> " until " + at).orElse("")
                    + (one.tainted() ? ", tainted" : ""))
        + "; keys of JWTs: "
        + each(bundle.jwtAuthorities(), one -> one.keyId() + (one.tainted() ? ", tainted" : ""));
  }

  private static String words(FederationRelationship one) {
    return one.trustDomain()
        + " from "
        + one.bundleEndpointUrl()
        + one.endpointSpiffeId().map(id -> " as " + id).orElse("");
  }

  private <T> void told(String name, Observed<T> observed, Function<T, String> words) {
    switch (observed) {
      case Seen<T>(T value) -> line(name, words.apply(value));
      case Unseen<T> unseen -> line(name, "not seen: " + unseen.why());
    }
  }

  private void line(String name, String text) {
    out.append(String.format("  %-12s ", name)).append(Untrusted.clean(text)).append('\n');
  }
}
