package org.spiredoctor.diagnosis.rules.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Rights;

/**
 * A right that a controller-manager lacks: an image that is newer than its RBAC lists more kinds of
 * objects, and creates no entry before it has listed all of them.
 *
 * @param namespace in which alone it wants it; absent for the whole cluster
 * @param line of its log that says so
 */
public record MissingRight(
    Component server,
    String account,
    String verb,
    String resource,
    String group,
    Optional<String> namespace,
    Log.Line line) {
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          " is forbidden: User \\\\?\"system:serviceaccount:([a-z0-9.:-]{1,320})\\\\?\" cannot"
              + " ([a-z]{1,20}) resource \\\\?\"([a-z/]{1,80})\\\\?\" in API group"
              + " \\\\?\"([a-z0-9.]{0,100})\\\\?\"(?: in the namespace \\\\?\"([a-z0-9-]{1,63})\\\\?\")?");

  /** What it needs to begin its work; other refusals hinder it in what it does then. */
  private static final Set<String> READING = Set.of("get", "list", "watch");

  /** Said by a controller that has listed all that it needs (controller-runtime). */
  private static final String WORKS = "Starting workers";

  private static final String READ = "get,list,watch";
  private static final String SPIRE = "spire.spiffe.io";

  /** What its own role has (config/rbac/role.yaml, v0.6.4): nothing else is ever granted to it. */
  private static final Map<String, String> ROLE =
      Map.of(
          "endpoints",
          READ,
          "namespaces",
          READ,
          "nodes",
          READ,
          "pods",
          READ,
          "validatingwebhookconfigurations.admissionregistration.k8s.io",
          "get,list,patch,watch",
          "clusterfederatedtrustdomains." + SPIRE,
          "get,list,watch,create,update,patch,delete",
          "clusterspiffeids." + SPIRE,
          "get,list,watch,create,update,patch,delete",
          "clusterstaticentries." + SPIRE,
          "get,list,watch,create,update,patch,delete");

  /** The last one in its log, unless it has begun its work since: it is refused again and again. */
  public static Optional<MissingRight> of(ClusterEvidence evidence, ControllerManager controller) {
    List<Log.Line> lines = controller.log(evidence).lines();
    int begun = 0;
    for (int at = 0; at < lines.size(); at++) {
      begun = lines.get(at).says(WORKS) ? at : begun;
    }
    return lines.subList(begun, lines.size()).stream()
        .flatMap(line -> of(controller.server(), line))
        .filter(right -> READING.contains(right.verb()))
        .reduce((first, last) -> last);
  }

  private static Stream<MissingRight> of(Component server, Log.Line line) {
    return FORBIDDEN
        .matcher(line.text())
        .results()
        .map(
            (MatchResult found) ->
                new MissingRight(
                    server,
                    found.group(1),
                    found.group(2),
                    found.group(3),
                    found.group(4),
                    Optional.ofNullable(found.group(5)),
                    line));
  }

  private String qualified() {
    return group.isEmpty() ? resource : resource + "." + group;
  }

  /** The end of a sentence. */
  public String inWords() {
    return "the controller-manager lacks permission to "
        + verb
        + " "
        + qualified()
        + namespace.map(name -> " in namespace " + name).orElse("")
        + ", which its version needs";
  }

  /** Quotes the refusal, and says which rule its role needs. */
  public void quote(Finding.Builder finding) {
    finding.seen("log of spire-controller-manager", line.inShort());
    grant().forEach(finding::remedy);
  }

  private List<Remedy> grant() {
    Remedy upgrade =
        new Remedy.Advice(
            "Install the ClusterRole of the controller-manager's own version (its"
                + " config/rbac/role.yaml; with Helm upgrade the chart, not the image alone). It"
                + " needs a rule for "
                + qualified());
    String verbs = ROLE.get(qualified());
    boolean own =
        server.pods().stream().map(pod -> Rights.account(server, pod)).anyMatch(account::equals);
    return verbs == null || !own
        ? List.of(upgrade)
        : List.of(Grants.to(server, new Remedy.Command(summary(verbs), command(verbs))), upgrade);
  }

  private String summary(String verbs) {
    return "Allow it to "
        + verbs.replace(",", ", ")
        + " "
        + qualified()
        + namespace.map(name -> " in namespace " + name).orElse("")
        + " meanwhile";
  }

  private String command(String verbs) {
    // Of this controller-manager alone: another SPIRE's keeps what it was given.
    String name = account.replace(':', '-') + "-" + resource;
    // It may be confined to some namespaces (cacheNamespaces).
    return Kubectl.allow(name, verbs, qualified(), account, namespace);
  }
}
