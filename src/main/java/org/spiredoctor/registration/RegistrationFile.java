package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spiredoctor.identity.Entry;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A file that declares entries: YAML, of which JSON is a part. It is only composed to nodes, of
 * which no objects are made, whatever its tags say.
 */
public final class RegistrationFile {
  /** In bytes: enough for 100,000 entries with ten selectors each. */
  public static final int LARGEST = 64 << 20;

  /** Whether a longer value is a number, a time or a truth value is not asked. */
  private static final int LONGEST_TYPED = 128;

  /** Nothing that is read is deeper than a selector in an item of a list. */
  private static final int DEEPEST = 50;

  /** Enough to share lists of selectors by hand; too few to make much of little. */
  private static final int MOST_ALIASES = 1000;

  private RegistrationFile() {}

  /**
   * What a file says.
   *
   * @param entries in which nothing is wrong
   * @param problems all that is wrong; where there is one, the entries are not all that was meant
   */
  public record Reading(List<Declared> entries, List<Problem> problems) {
    /** Copies both lists. */
    public Reading {
      entries = List.copyOf(entries);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads a file, and finds all that is wrong with it at once.
   *
   * @param name of the file, for the problems
   * @param text of it
   */
  public static Reading read(String name, String text) {
    Problems problems = new Problems(name);
    Documents documents = new Documents(problems);
    int read = 0;
    try {
      Composer composer = composer(text);
      while (composer.checkNode()) {
        Value document = new Value(composer.getNode(), "", problems);
        if (!document.isNull()) {
          documents.read(document);
          read++;
        }
      }
      if (read == 0) {
        problems.add(0, "", "nothing is declared here; write 'entries: []' where that is meant");
      }
    } catch (YAMLException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // The last two are SnakeYAML's answer to some escapes of characters that there are not.
      noteBroken(e, text, problems);
    }
    return new Reading(eachOnce(documents.entries(), problems), problems.all());
  }

  private static Composer composer(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST);
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    return new Composer(new ParserImpl(new TextReader(text), options), new Shapes(), options);
  }

  /** The expressions that tell numbers take their time, and their stack, with a long one. */
  private static final class Shapes extends Resolver {
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return kind == NodeId.scalar && implicit && value.length() > LONGEST_TYPED
          ? Tag.STR
          : super.resolve(kind, value, implicit);
    }
  }

  private static void noteBroken(RuntimeException e, String text, Problems problems) {
    int line = 0;
    String reason = "";
    if (e instanceof MarkedYAMLException marked) {
      reason = marked.getProblem();
      line = marked.getProblemMark() == null ? 0 : marked.getProblemMark().getLine() + 1;
    } else if (e instanceof ReaderException reader) {
      reason = "the character U+%04X is none of YAML's".formatted(reader.getCodePoint());
      line = lineOf(text, reader.getPosition());
    } else {
      reason = e.getMessage();
    }
    problems.add(
        line,
        "",
        "this is not YAML"
            + (reason == null
                ? ""
                : ": " + WrongValue.shortened(reason.lines().findFirst().orElse(""))));
  }

  private static int lineOf(String text, int end) {
    return 1 + (int) text.chars().limit(end).filter(c -> c == '\n').count();
  }

  private static List<Declared> eachOnce(List<Declared> entries, Problems problems) {
    Map<Entry.Key, Declared> first = new HashMap<>();
    List<Declared> each = new ArrayList<>();
    for (Declared declared : entries) {
      Declared same = first.putIfAbsent(declared.entry().key(), declared);
      if (same == null) {
        each.add(declared);
      } else {
        problems.add(
            declared.origin().line(),
            "",
            "%s is declared in line %d already, with the same parentID and the same selectors"
                .formatted(
                    WrongValue.shortened(declared.entry().spiffeId()), same.origin().line()));
      }
    }
    return each;
  }
}
