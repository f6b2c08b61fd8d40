#include "cfgparse/catalogue_private.h"
/*
 * What can be written in the vCard of a service (vcard of mod_muc and its
 * like): the fields of XEP-0054.
 */
#include "cfgparse/catalogue_shapes.h"

static const struct type_field name_fields[] = {
	{ "family", STRING, false },
	{ "given", STRING, false },
	{ "middle", STRING, false },
	{ "prefix", STRING, false },
	{ "suffix", STRING, false },
	{ 0 },
};

static const struct type_field photo_fields[] = {
	{ "type", STRING, false },
	{ "binval", PLAIN(BASE64), false },
	{ "extval", STRING, false },
	{ 0 },
};

static const struct type_field address_fields[] = {
	{ "home", BOOL, false },
	{ "work", BOOL, false },
	{ "postal", BOOL, false },
	{ "parcel", BOOL, false },
	{ "dom", BOOL, false },
	{ "intl", BOOL, false },
	{ "pref", BOOL, false },
	{ "pobox", STRING, false },
	{ "extadd", STRING, false },
	{ "street", STRING, false },
	{ "locality", STRING, false },
	{ "region", STRING, false },
	{ "pcode", STRING, false },
	{ "ctry", STRING, false },
	{ 0 },
};

static const struct type_field label_fields[] = {
	{ "home", BOOL, false },
	{ "work", BOOL, false },
	{ "postal", BOOL, false },
	{ "parcel", BOOL, false },
	{ "dom", BOOL, false },
	{ "intl", BOOL, false },
	{ "pref", BOOL, false },
	{ "line", LIST(STRING), false },
	{ 0 },
};

static const struct type_field phone_fields[] = {
	{ "home", BOOL, false },
	{ "work", BOOL, false },
	{ "voice", BOOL, false },
	{ "fax", BOOL, false },
	{ "pager", BOOL, false },
	{ "msg", BOOL, false },
	{ "cell", BOOL, false },
	{ "video", BOOL, false },
	{ "bbs", BOOL, false },
	{ "modem", BOOL, false },
	{ "isdn", BOOL, false },
	{ "pcs", BOOL, false },
	{ "pref", BOOL, false },
	{ "number", STRING, false },
	{ 0 },
};

static const struct type_field email_fields[] = {
	{ "home", BOOL, false },
	{ "work", BOOL, false },
	{ "internet", BOOL, false },
	{ "pref", BOOL, false },
	{ "x400", BOOL, false },
	{ "userid", STRING, false },
	{ 0 },
};

static const struct type_field place_fields[] = {
	{ "lat", STRING, false },
	{ "lon", STRING, false },
	{ 0 },
};

static const struct type_field organization_fields[] = {
	{ "name", STRING, false },
	{ "units", LIST(STRING), false },
	{ 0 },
};

static const struct type_field sound_fields[] = {
	{ "phonetic", STRING, false },
	{ "binval", PLAIN(BASE64), false },
	{ "extval", STRING, false },
	{ 0 },
};

static const struct type_field key_fields[] = {
	{ "type", STRING, false },
	{ "cred", STRING, false },
	{ 0 },
};

const struct type_field catalogue_vcard_fields[] = {
	{ "version", STRING, false },
	{ "fn", STRING, false },
	{ "n", OPTIONS(name_fields), false },
	{ "nickname", STRING, false },
	{ "photo", OPTIONS(photo_fields), false },
	{ "bday", STRING, false },
	{ "adr", LIST(OPTIONS(address_fields)), false },
	{ "label", LIST(OPTIONS(label_fields)), false },
	{ "tel", LIST(OPTIONS(phone_fields)), false },
	{ "email", LIST(OPTIONS(email_fields)), false },
	{ "jabberid", STRING, false },
	{ "mailer", STRING, false },
	{ "tz", STRING, false },
	{ "geo", OPTIONS(place_fields), false },
	{ "title", STRING, false },
	{ "role", STRING, false },
	{ "logo", OPTIONS(photo_fields), false },
	{ "org", OPTIONS(organization_fields), false },
	{ "categories", LIST(STRING), false },
	{ "note", STRING, false },
	{ "prodid", STRING, false },
	{ "rev", STRING, false },
	{ "sort_string", STRING, false },
	{ "sound", OPTIONS(sound_fields), false },
	{ "uid", STRING, false },
	{ "url", STRING, false },
	{ "class", CHOICE("confidential private public"), false },
	{ "key", OPTIONS(key_fields), false },
	{ "desc", STRING, false },
	{ 0 },
};
