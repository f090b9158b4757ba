package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.StaticEntry;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/**
 * The objects of which a spire-controller-manager makes entries, as commands to paste. Each is one
 * line, so that it can be pasted from an indented report.
 */
public final class Declarations {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String BY_SERVICE_ACCOUNT =
      "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}";

  private final ClusterEvidence evidence;
  private final ControllerManager controller;

  Declarations(ClusterEvidence evidence, ControllerManager controller) {
    this.evidence = evidence;
    this.controller = controller;
  }

  /**
   * Declares the identity of pods like this one.
   *
   * @param label by which they are told apart
   * @param spiffeId that is wanted; else by namespace and service account
   * @param impact of the entry that comes of it
   * @return nothing where the controller-manager makes no entries for the pod's namespace
   */
  public Optional<Remedy> ofPods(
      String summary,
      Pod pod,
      String label,
      Optional<String> spiffeId,
      Optional<EntryImpact> impact) {
    String namespace = pod.meta().namespace();
    if (controller.ignores(namespace)) {
      return Optional.empty();
    }
    String value = pod.meta().labels().getOrDefault(label, "");
    ObjectNode spec = JSON.objectNode();
    spec.put("spiffeIDTemplate", spiffeId.orElse(BY_SERVICE_ACCOUNT));
    spec.putObject("namespaceSelector")
        .putObject("matchLabels")
        .put("kubernetes.io/metadata.name", namespace);
    spec.putObject("podSelector").putObject("matchLabels").put(label, value);
    return Optional.of(
        apply(
            summary,
            "ClusterSPIFFEID",
            Kind.CLUSTER_SPIFFE_ID,
            namespace + "-" + value,
            spec,
            impact));
  }

  /** Declares an entry with all its fields. */
  Remedy.Declaration entry(String summary, Entry entry, Optional<EntryImpact> impact) {
    return apply(
        summary,
        "ClusterStaticEntry",
        Kind.CLUSTER_STATIC_ENTRY,
        SpiffeIds.path(entry.spiffeId()).replace('/', '-'),
        StaticEntry.spec(entry),
        impact);
  }

  /** Whether a change of an entry by hand would be undone. */
  boolean owns(Entry entry) {
    return controller.owns(entry.id());
  }

  /** Changes what declares an entry, or declares what was made by hand. */
  Remedy change(String summary, Entry entry, Entry after, Optional<EntryImpact> impact) {
    if (ControllerManager.ofPod(entry)) {
      return new Remedy.Advice(
          "The entry is created by a ClusterSPIFFEID: correct that, or for the parent clusterName in"
              + " the configuration of spire-controller-manager; a change of the entry would be"
              + " undone");
    }
    return ControllerManager.staticEntry(evidence, entry)
        .map(
            name ->
                new Remedy.Declaration(
                    summary,
                    Kubectl.command(
                        "patch",
                        "clusterstaticentry",
                        name,
                        "--type=merge",
                        "-p",
                        JSON.objectNode().set("spec", StaticEntry.spec(after)).toString()),
                    impact))
        .orElseGet(() -> entry(summary, after, impact));
  }

  private Remedy.Declaration apply(
      String summary,
      String kind,
      Kind listed,
      String name,
      ObjectNode spec,
      Optional<EntryImpact> impact) {
    if (!controller.className().isEmpty()) {
      spec.put("className", controller.className());
    }
    ObjectNode object = JSON.objectNode();
    object.put("apiVersion", "spire.spiffe.io/v1alpha1").put("kind", kind);
    object.putObject("metadata").put("name", free(listed, name));
    object.set("spec", spec);
    return new Remedy.Declaration(
        summary, Kubectl.apply("printf %s " + Shell.quote(object.toString())), impact);
  }

  /** A name that no object has yet, since applying it would replace that one. */
  private String free(Kind kind, String wish) {
    String plain =
        wish.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^(.{0,50}).*", "$1")
            .replaceAll("^-+|-+$", "");
    String name = plain.isEmpty() ? "entry" : plain;
    String free = name;
    for (int i = 2; evidence.snapshot().named(kind, free); i++) {
      free = name + "-" + i;
    }
    return free;
  }
}
