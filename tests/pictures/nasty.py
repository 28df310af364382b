"""What people, and files, put into names."""

from __future__ import annotations

from hypothesis import strategies as st

LONGEST = "Paguyuban Perajin Batik Tulis dan Cap Kampung Kauman Pekalongan bersama Mitra Binaan Dinas Koperasi dan UMKM"
TEXTS = [
    "",
    "Batik Sekar",
    "Bandeng Presto & Otak-Otak Juwita",
    LONGEST,
    "W" * 200,
    "Kopi ☕ Petungkriyono 🧵🏔️ 👩🏽‍🌾",
    "🎉" * 60,
    "مقهى بيكالونجان للقهوة المختصة والمخبوزات الطازجة",
    "ꦧꦠꦶꦏ꧀ꦥꦼꦏꦭꦺꦴꦔꦤ꧀ꦱꦼꦏꦂꦗꦒꦢ꧀ꦤꦸꦱꦤ꧀ꦠꦫꦲꦤꦕꦫꦏꦢꦠꦱꦮꦭꦥꦣꦗꦪꦚ",
    "北加浪岸蜡染手工艺合作社與城市文化創意產業協會聯合展覽會二〇二六年",
    "Z̸̢͓͔̈́̊̑a̷̧̛̘͌̽l̵̡̨̫̀̓g̴̨̲̈́̈́o̶̧͙͛̕ " * 6,
    "a\u0301" * 120,
    "\u202egnalepak\u202c \u2067Batik\u2069 \u200fSekar\u200e",
    "Batik\u200bSekar\u200d\u2060\ufeffNusa\u00ad" * 4,
    "satu\ndua\r\ntiga\tempat\u2028lima",
    "<img src=x onerror=document.body.remove()>",
    "\u200b\u200d\u2060 \u0301",
    "a " * 120,
    "Jl. Dr. Sutomo-Kusumaatmadja/Wirosari–Pekalongan-Jawa-Tengah-51122-Indonesia",
    "\U0001f1ee\U0001f1e9" * 30,
    "हिन्दी में लिखा हुआ एक बहुत लंबा व्यवसाय का नाम",
]

names = st.one_of(
    st.sampled_from(TEXTS),
    st.text(max_size=200),
    st.lists(st.sampled_from(TEXTS), max_size=4).map(" ".join),
)

hosts = st.sampled_from(["toko.example", "www.pekalonganvirtualexpo.com", "shopee.co.id", "a.b-c.example.co.id"])
links = st.builds(
    lambda host, path: f"https://{host}/{path}",
    hosts,
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789-_/.?=&%", max_size=95),
)
