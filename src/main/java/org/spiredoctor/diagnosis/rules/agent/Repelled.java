package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.kube.Node;

/** A taint keeps them away. */
record Repelled(Node.Taint taint, boolean others) implements Absence {
  @Override
  public boolean byDesign() {
    return true;
  }

  @Override
  public String inWords(NodePods which) {
    return ": " + which.name() + " do not tolerate its taint " + taint.inWords();
  }

  @Override
  public List<Quote> quotes(NodePods which) {
    return List.of(new Quote("taint of the node", taint.inWords()));
  }

  @Override
  public List<Remedy> remedies(NodePods which, String node) {
    if (taint.key().equals("node.kubernetes.io/unschedulable")) {
      return List.of(
          new Remedy.Command("End the cordon of the node", Kubectl.command("uncordon", node)));
    }
    String toleration =
        "{\"key\":"
            + TextNode.valueOf(taint.key())
            + ",\"operator\":\"Exists\",\"effect\":"
            + TextNode.valueOf(taint.effect())
            + "}";
    String operation =
        others
            ? "[{\"op\":\"add\",\"path\":\"/spec/template/spec/tolerations/-\",\"value\":"
                + toleration
                + "}]"
            : "[{\"op\":\"add\",\"path\":\"/spec/template/spec/tolerations\",\"value\":["
                + toleration
                + "]}]";
    return which.owner().stream()
        .<Remedy>map(
            owner ->
                new Remedy.Command(
                    "Let " + which.name() + " tolerate the taint", Kubectl.patch(owner, operation)))
        .toList();
  }
}
