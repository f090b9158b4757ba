package org.spiredoctor.evidence.cluster;

import java.util.List;

/** Writes what {@link HclReader} reads; of its texts none holds a placeholder with quotes. */
final class HclWriter {
  private final StringBuilder text = new StringBuilder();

  private HclWriter() {}

  /**
   * The fields as a text.
   *
   * @param braces whether they stand in braces, as in JSON
   */
  static String write(List<Hcl.Field> fields, boolean braces) {
    HclWriter writer = new HclWriter();
    if (braces) {
      writer.block(fields, 0);
    } else {
      writer.fields(fields, 0);
    }
    return writer.text.toString();
  }

  private void fields(List<Hcl.Field> fields, int depth) {
    for (Hcl.Field field : fields) {
      indent(depth);
      quoted(field.key());
      text.append(field.value() instanceof Hcl.Block ? " " : " = ");
      value(field.value(), depth);
      text.append('\n');
    }
  }

  private void value(Hcl value, int depth) {
    switch (value) {
      case Hcl.Text(String words) -> quoted(words);
      case Hcl.Items(List<Hcl> items) -> {
        text.append('[');
        for (Hcl item : items) {
          value(item, depth);
          text.append(", ");
        }
        text.append(']');
      }
      case Hcl.Block(List<Hcl.Field> content) -> block(content, depth);
    }
  }

  private void block(List<Hcl.Field> content, int depth) {
    text.append("{\n");
    fields(content, depth + 1);
    indent(depth);
    text.append('}');
  }

  private void indent(int depth) {
    text.repeat("  ", depth);
  }

  private void quoted(String words) {
    text.append('"');
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
    text.append('"');
  }
}
