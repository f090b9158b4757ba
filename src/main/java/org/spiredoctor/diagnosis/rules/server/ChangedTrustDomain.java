package org.spiredoctor.diagnosis.rules.server;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.CrashReason;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Pod;

/**
 * A server was given another trust domain than that of the entries in its datastore: it does not
 * start with them (SPIRE's {@code validateTrustDomain}).
 *
 * @param before of the entries
 * @param now that it is configured with
 */
public record ChangedTrustDomain(Component server, String before, String now) {
  private static final String NAME = "([a-z0-9._-]{1,255})";
  private static final Pattern ENTRY =
      Pattern.compile(
          "a registration entry with trust domain '"
              + NAME
              + "' has been detected, which does not match the configured trust domain of '"
              + NAME
              + "'");

  /** Whether that is why a server does not start, and these agents still have the former one. */
  public static boolean isBefore(ClusterCase cluster, Component agents, String domain) {
    return cluster.home(agents).installation().servers().stream()
        .flatMap(server -> server.pods().stream().flatMap(pod -> of(cluster, server, pod).stream()))
        .anyMatch(changed -> changed.before().equals(domain));
  }

  static Optional<ChangedTrustDomain> of(ClusterCase cluster, Component server, Pod pod) {
    return CrashReason.in(cluster.evidence().log(pod, server.container()))
        .map(line -> ENTRY.matcher(line.error().isEmpty() ? line.text() : line.error()))
        .filter(Matcher::find)
        .map(found -> new ChangedTrustDomain(server, found.group(1), found.group(2)));
  }

  /** What comes after the pod's name in a sentence. */
  String inWords() {
    return "does not start: its trust domain was changed to "
        + now
        + ", but the entries in its datastore are of "
        + before;
  }

  Finding.Builder quote(Finding.Builder finding) {
    return finding.seen("configuration of the server", "trust_domain " + now);
  }

  /** The way back first; nobody can be sure that the other is meant. */
  List<Remedy> remedies(ClusterCase cluster) {
    return Stream.concat(
            Stream.concat(Stream.of(server), cluster.home(server).installation().agents().stream())
                .filter(one -> one.trustDomain().filter(now::equals).isPresent())
                .map(one -> back(cluster, one)),
            Stream.of(
                new Remedy.Advice(
                    "Or move to "
                        + now
                        + " for good: export the entries while the server runs as "
                        + before
                        + " (spire-server entry show -output json), start it with an empty"
                        + " datastore and data directory, let all agents attest again, and create"
                        + " the entries with ids of "
                        + now
                        + "; what peers and workloads expect has to change as well")))
        .toList();
  }

  private Remedy back(ClusterCase cluster, Component one) {
    String which = one.role() == Component.Role.SERVER ? "the server" : "the agents";
    String what = "Set trust_domain of " + which + " back to " + before;
    return ConfigEdit.of(cluster.evidence(), one)
        .flatMap(edit -> edit.replace("trust_domain", now, before))
        .<Remedy>map(edit -> new Remedy.Command(what, edit))
        .orElseGet(
            () ->
                new Remedy.Patch(
                    what,
                    (one.role() == Component.Role.SERVER ? "server" : "agent")
                        + " {\n  trust_domain = "
                        + Manifests.quoted(before)
                        + "\n}\n",
                    Optional.of(Subject.of(one))));
  }
}
