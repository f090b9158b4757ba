package org.spiredoctor.diagnosis.rules.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.identity.Suggestions;
import org.spiredoctor.kube.Kind;

/** A namespace that was asked about does not exist. */
@AutoService(Rule.class)
public final class NamespaceMissing implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    List<String> asked =
        Stream.of(Unmade.namespace(evidence.query().pods()), evidence.query().spireNamespace())
            .flatMap(Optional::stream)
            .distinct()
            .filter(name -> !evidence.hasPods(name))
            .toList();
    if (asked.isEmpty()) {
      return List.of(new Outcome.NotApplicable("no namespace was named, or it has pods"));
    }
    return Outcome.ifSeen(
        evidence.snapshot().objects(Kind.NAMESPACE), objects -> missing(asked, objects));
  }

  private List<Outcome> missing(List<String> asked, List<JsonNode> objects) {
    List<String> all =
        objects.stream().map(json -> json.at("/metadata/name").asText()).sorted().toList();
    return asked.stream()
        .filter(name -> !all.contains(name))
        .map(name -> found(name, all))
        .toList();
  }

  private Outcome found(String name, List<String> all) {
    Optional<String> meant = Suggestions.nearest(name, all);
    return Finding.error(this, new Subject("Namespace", Optional.empty(), name), Scope.CLUSTER)
        .seen("namespaces", String.join(", ", all))
        .remedy(
            meant
                .<Remedy>map(
                    near ->
                        new Remedy.Command(
                            "If " + near + " was meant, these are its pods",
                            Kubectl.line("get pods -n", near)))
                .orElseGet(
                    () ->
                        new Remedy.Command(
                            "See which namespaces there are, and whether this is the right cluster",
                            Kubectl.line("get namespaces")
                                + " && "
                                + Kubectl.line("config current-context"))))
        .found(
            "There is no namespace "
                + name
                + meant.map(near -> "; the nearest is " + near).orElse(""));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_CREATED);
  }
}
