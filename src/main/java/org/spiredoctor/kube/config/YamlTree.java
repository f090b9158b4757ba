package org.spiredoctor.kube.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML or JSON as a tree in which nothing is null. A parser's own message is never passed on: it
 * quotes the line, which may hold a key or a token.
 */
final class YamlTree {
  private static final int DEEPEST = 50;

  /** Aliases can make a small file a large tree. */
  private static final int MOST_NODES = 1_000_000;

  private int nodes;

  private YamlTree() {}

  /**
   * Reads the first document.
   *
   * @param where for the message, such as the name of the file
   * @return an empty object for an empty text
   */
  static JsonNode read(String yaml, String where) throws ConfigException {
    try {
      LoaderOptions options = new LoaderOptions();
      options.setNestingDepthLimit(DEEPEST);
      options.setCodePointLimit(Kubeconfig.LARGEST_FILE);
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(yaml));
      return root == null
          ? JsonNodeFactory.instance.objectNode()
          : new YamlTree().tree(root, where, DEEPEST);
    } catch (MarkedYAMLException e) {
      var at = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
      throw new ConfigException(
          where
              + " is not valid YAML"
              + (at == null
                  ? ""
                  : " at line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1)));
    } catch (YAMLException e) {
      throw new ConfigException(where + " is not valid YAML");
    }
  }

  private JsonNode tree(Node node, String where, int left) throws ConfigException {
    if (left == 0 || ++nodes > MOST_NODES) {
      throw new ConfigException(where + " has too many nested or repeated parts");
    }
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple field : mapping.getValue()) {
          JsonNode value = tree(field.getValueNode(), where, left - 1);
          if (field.getKeyNode() instanceof ScalarNode key && !value.isMissingNode()) {
            object.set(key.getValue(), value);
          }
        }
        yield object;
      }
      case SequenceNode sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Node item : sequence.getValue()) {
          JsonNode value = tree(item, where, left - 1);
          if (!value.isMissingNode()) {
            array.add(value);
          }
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> JsonNodeFactory.instance.missingNode();
    };
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL)) {
      return JsonNodeFactory.instance.missingNode();
    }
    if (scalar.getTag().equals(Tag.BOOL)) {
      return JsonNodeFactory.instance.booleanNode(text.matches("(?i)true|yes|on"));
    }
    return scalar.getTag().equals(Tag.INT) && text.matches("0|-?[1-9]\\d{0,17}")
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(text))
        : JsonNodeFactory.instance.textNode(text);
  }
}
