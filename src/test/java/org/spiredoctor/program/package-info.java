/** The finished program, run as its users run it: as a process. */
@NullMarked
package org.spiredoctor.program;

import org.jspecify.annotations.NullMarked;
