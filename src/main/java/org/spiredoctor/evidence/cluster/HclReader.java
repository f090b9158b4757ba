package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.evidence.cluster.HclTokens.Kind;
import org.spiredoctor.evidence.cluster.HclTokens.Token;

/**
 * Reads HCL 1, in which SPIRE is configured, and JSON, as SPIRE takes it too. Whatever the text is,
 * it is read as far as it makes sense: the program that it is written for complains of the rest.
 */
final class HclReader {
  /** SPIRE's configurations are 7 deep. */
  private static final int DEPTH = 50;

  private final HclTokens tokens;
  private int depth;

  private HclReader(String text) {
    this.tokens = new HclTokens(text);
  }

  static Hcl.Block read(String text) {
    HclReader reader = new HclReader(text);
    List<Hcl.Field> fields = new ArrayList<>();
    reader.fields(fields);
    return new Hcl.Block(List.copyOf(fields));
  }

  /** Up to the end, or to a brace that nothing opened. */
  private void fields(List<Hcl.Field> into) {
    List<String> keys = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token) {
        case Token t when t.kind() == Kind.END || t.is("}") -> {
          return;
        }
        case Token t when t.kind() == Kind.WORD -> keys.add(t.text());
        case Token t when t.is("=") || t.is(":") -> {
          Token next = tokens.next();
          add(keys, value(next), into);
          if (next.is("}") || next.kind() == Kind.END) {
            return;
          }
        }
        case Token t when t.is("{") || t.is("[") -> add(keys, value(t), into);
        default -> keys.clear();
      }
    }
  }

  /** The labels of a block are keys, each in the one before. */
  private static void add(List<String> keys, Hcl value, List<Hcl.Field> into) {
    if (keys.isEmpty()) {
      // The braces around a whole text in JSON.
      value.fields().forEach(into::add);
      return;
    }
    Hcl inner = value;
    for (String label : keys.subList(1, Math.min(keys.size(), DEPTH)).reversed()) {
      inner = new Hcl.Block(List.of(new Hcl.Field(label, inner)));
    }
    into.add(new Hcl.Field(keys.getFirst(), inner));
    keys.clear();
  }

  private Hcl value(Token first) {
    if (first.kind() == Kind.WORD) {
      return new Hcl.Text(first.text());
    }
    if (!first.is("{") && !first.is("[")) {
      return new Hcl.Items(List.of());
    }
    if (depth == DEPTH) {
      skip();
      return new Hcl.Items(List.of());
    }
    depth++;
    Hcl value = first.is("{") ? block() : items();
    depth--;
    return value;
  }

  private Hcl block() {
    List<Hcl.Field> fields = new ArrayList<>();
    fields(fields);
    return new Hcl.Block(List.copyOf(fields));
  }

  private Hcl items() {
    List<Hcl> items = new ArrayList<>();
    Token token = tokens.next();
    while (token.kind() != Kind.END && !token.is("]")) {
      if (token.kind() == Kind.WORD || token.is("{") || token.is("[")) {
        items.add(value(token));
      }
      token = tokens.next();
    }
    return new Hcl.Items(List.copyOf(items));
  }

  /** What is too deep, with all that is in it. */
  private void skip() {
    int open = 1;
    while (open > 0) {
      Token token = tokens.next();
      if (token.kind() == Kind.END) {
        return;
      }
      open += token.is("{") || token.is("[") ? 1 : token.is("}") || token.is("]") ? -1 : 0;
    }
  }
}
