/** What a terminal shows: results, progress, and why a file or an option is of no use. */
@NullMarked
package org.spiredoctor.console;

import org.jspecify.annotations.NullMarked;
