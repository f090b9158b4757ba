package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.evidence.cluster.Component;

/** The node lacks labels that the node selector wants. */
record NotSelected(Map<String, String> missing, boolean nodeSeen) implements Absence {
  @Override
  public boolean byDesign() {
    return true;
  }

  @Override
  public String inWords() {
    return ": the agents' nodeSelector wants " + wanted();
  }

  private String wanted() {
    return missing.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public List<Quote> quotes() {
    return List.of(
        new Quote("nodeSelector of the agents", wanted()),
        new Quote("node", nodeSeen ? "does not have it" : "its labels were not seen"));
  }

  @Override
  public Confidence confidence() {
    return nodeSeen ? Confidence.CERTAIN : Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(Component agents, String node) {
    Remedy label =
        new Remedy.Command(
            "Or give this node what is wanted",
            Kubectl.command("label", "node", "--overwrite", node)
                + " "
                + missing.entrySet().stream()
                    .map(e -> Shell.quote(e.getKey() + "=" + e.getValue()))
                    .collect(Collectors.joining(" ")));
    String operations =
        missing.keySet().stream()
            .map(
                key ->
                    "{\"op\":\"remove\",\"path\":"
                        + TextNode.valueOf(
                            "/spec/template/spec/nodeSelector/"
                                + key.replace("~", "~0").replace("/", "~1"))
                        + "}")
            .collect(Collectors.joining(",", "[", "]"));
    return agents
        .owner()
        .map(
            owner ->
                List.of(
                    new Remedy.Command(
                        "Let the agents run on nodes without it too",
                        Kubectl.patch(owner, operations)),
                    label))
        .orElse(List.of(label));
  }
}
