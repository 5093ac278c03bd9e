// Debian's libxml2 is built with ICU, and encoding.h then includes <unicode/ucnv.h>. Foundation
// brings an ICU of its own, so a module that sees both has types such as UErrorCode twice, which
// the compiler refuses. Of libxml2's interface only a field of encoding handlers depends on it, which
// nothing here uses.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/SAX2.h>
#include <libxml/parser.h>

#ifdef UTYPES_H
#error "CLibXML2 must not include <unicode/utypes.h>: Foundation's own ICU would clash with it"
#endif
