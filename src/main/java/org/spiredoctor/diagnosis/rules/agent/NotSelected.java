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

/** The node lacks labels that the node selector wants. */
record NotSelected(Map<String, String> missing, boolean nodeSeen) implements Absence {
  @Override
  public boolean byDesign() {
    return true;
  }

  @Override
  public String inWords(NodePods which) {
    return ": the nodeSelector of " + which.name() + " requires " + wanted();
  }

  private String wanted() {
    return missing.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public List<Quote> quotes(NodePods which) {
    return List.of(
        new Quote("nodeSelector of " + which.name(), wanted()),
        new Quote("node", nodeSeen ? "does not have it" : "its labels were not seen"));
  }

  @Override
  public Confidence confidence() {
    return nodeSeen ? Confidence.CERTAIN : Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(NodePods which, String node) {
    Remedy label =
        new Remedy.Command(
            "Or add the missing labels to this node",
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
    return which
        .owner()
        .map(
            owner ->
                List.of(
                    new Remedy.Command(
                        "Let " + which.name() + " run on nodes without it too",
                        Kubectl.patch(owner, operations)),
                    label))
        .orElse(List.of(label));
  }
}
