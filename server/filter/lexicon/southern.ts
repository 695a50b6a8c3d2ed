import type { Lexicon } from "../lexicon.ts";

/** Arabic, Hebrew, Persian, Urdu, Hindi, Bengali, Turkish, Greek, Swahili and Zulu. */
export const SOUTHERN: Lexicon[] = [
  {
    language: "ar",
    words: {
      drop: "تجاهل*, اتجاهل*, انس, انسى, إنس, انسَ, أهمل, اهمل, تخط, تخطى, تجاوز, لا تتبع, ألغ, ألغِ, لا تلتزم, تغاض, امسح, احذف, דלג, התעלם, התעלמי, התעלמו, שכח, תשכח, שכחי, תתעלם, אל תציית, בטל, עקוף, מחק",
      reveal:
        "اكشف, أظهر, اظهر, أرني, ارني, أخبرني, اخبرني, اعرض, أعطني, اعطني, اطبع, كرر, اكتب, شارك, انشر, ما هو, ما هي, اذكر, ترجم, أفصح, افصح, أرسل, הצג, חשוף, גלה, ספר לי, הדפס, כתוב, חזור על, תן לי, שתף, פרסם, מהן, מהו, מה הן, הראה, תרגם",
      act: "أنت الآن, انت الان, أنت الان, تظاهر, تصرف, تخيل, من الآن, من الآن فصاعدا, فعّل, فعل وضع, تقمص, العب دور, ادخل في, אתה עכשיו, אתה כעת, העמד פנים, תתנהג, מעכשיו, דמיין, הפעל, עבור למצב, שחק",
      run: "نفذ, شغل, شغّل, ثبت, افتح, حمّل, הרץ, הפעל, התקן, פתח",
      send: "أرسل, ارسل, حول, حوّل, انقل, ارفع, ادفع, שלח, העבר, העלה, שלם",
      edit: "غير, غيّر, حدّث, أضف, احفظ, عدّل, שנה, עדכן, הוסף, שמור",
      hide: "لا تخبر, لا تذكر, سرا, بدون إخبار, دون علم, אל תספר, אל תזכיר, בסתר, בלי לשאול",
      dictate: "قل, أجب, اجب, اكتب, رد, אמור, ענה, כתוב, השב",
      disable: "عطل, عطّل, أوقف, بدون, بلا, دون, أزل, كسر, בטל, השבת, כבה, ללא, בלי, הסר",
      prior:
        "السابقة, السابق, سابقة, أعلاه, الأصلية, الأولية, القديمة, الماضية, قبل, السابقه, הקודמות, הקודם, הקודמים, לעיל, המקוריות, הראשוניות, שקיבלת, הקיימות",
      every: "جميع, كل, كافة, أي, كامل, بالكامل, כל, את כל, המלא, במלואו",
      your: "الخاصة بك, الخاص بك, تعليماتك, لديك, لك, שלך, שלכם",
      orders:
        "التعليمات, تعليمات*, تعليماتك, الأوامر, أوامر*, القواعد, قواعد*, التوجيهات, توجيهات*, القيود, الإرشادات, البرمجة, ההוראות, הוראות*, הנחיות*, ההנחיות, הכללים, כללים, הפקודות, פקודות, המגבלות",
      prompt:
        "موجه النظام, رسالة النظام, تعليمات النظام, التعليمات الأولية, التعليمات الأصلية, التعليمات المخفية, برومبت, مطالبة النظام, הנחיית המערכת, הודעת המערכת, הוראות המערכת, ההוראות המקוריות, פרומפט*, ההוראות שלך, הוראות הבסיס",
      secret:
        "كلمة المرور, كلمة السر, كلمات المرور, المفتاح, مفتاح*, السر, سري, الرمز, بيانات الاعتماد, عبارة المرور, أسرار*, הסיסמה, סיסמה, סיסמאות, סיסמת, המפתח, מפתח, סוד*, הסוד, מפתחות",
      human: "مالك*, المالك, المستخدم, صاحب*, المشغل, إنسان*, הבעלים, המשתמש, האדם, המפעיל",
      limits:
        "القيود, قيود, القواعد, المرشحات, الفلاتر, فلاتر, السلامة, الأمان, الأخلاق*, الرقابة, حدود, מגבלות, כללים, מסננים, בטיחות, אתיקה, צנזורה, המגבלות, אבטחה",
      free: "بدون قيود, بلا قيود, غير مقيد, وضع المطور, بلا حدود, بدون رقابة, دون قيود, غير محدود, وضع المسؤول, شرير, ללא מגבלות, בלי מגבלות, מצב מפתח, ללא צנזורה, ללא הגבלות, בלי כללים, ללא סינון",
      task: "مهمة جديدة, تعليمات جديدة, مهمتك, أوامر جديدة, التعليمات الجديدة, משימה חדשה, הוראות חדשות, המשימה שלך",
      urgent: "فورا, فوراً, عاجل, الآن, مهم, حالا, מיד, דחוף, חשוב, עכשיו",
      exact: "فقط, بالضبط, حرفيا, التالي, التالية, بدلا من, רק, בדיוק, מילה במילה, הבא, במקום",
    },
  },
  {
    language: "fa",
    verbLast: true,
    words: {
      drop: "نادیده بگیر*, فراموش کن*, نادیده, صرف نظر کن*, رعایت نکن, دور بزن, نظر انداز, بھول جاؤ, بھول جائیں, نظرانداز, رد کرو, अनदेखा*, नज़रअंदाज़*, नजरअंदाज*, भूल जा*, भूलकर, उपेक्षा*, भुला*, अनसुना*, मत मानो, रद्द*, दरकिनार*, উপেক্ষা*, ভুলে যা*, ভুলে যান, অগ্রাহ্য*, অবজ্ঞা*, বাদ দিন, মুছে*, दुर्लक्ष*, विसर*, yok say*, yoksay*, görmezden gel*, unut, unutun, unutunuz, göz ardı et*, dikkate alma*, boş ver*, atla, atlayın, atlayınız, umursama*, geçersiz kıl*, önemseme*, es geç*, iptal et*, uyma*",
      reveal:
        "نشان بده*, بگو*, فاش کن*, افشا کن*, چاپ کن*, بنویس*, تکرار کن*, به اشتراک بگذار*, چیست, منتشر کن*, دکھاؤ, بتاؤ, بتائیں, ظاہر کرو, दिखाओ, दिखाएं, दिखाइए, दिखा, बताओ, बताएं, बताइए, बता, प्रकट*, खुलासा*, प्रिंट*, दोहरा*, लिखो, लिखें, साझा*, पोस्ट*, दो, दें, क्या है, क्या हैं, দেখা*, বলুন, বলো, বল, প্রকাশ*, দাও, দিন, লিখুন, লেখ, শেয়ার*, পুনরাবৃত্তি*, জানা*, প্রিন্ট*, কী, কি, दाखव*, सांग*, göster*, söyle*, açıkla*, yazdır*, yaz*, tekrarla*, tekrar et*, paylaş*, verin, bana ver*, nedir, neler, ifşa et*, yayınla*, listele*, çevir*, belirt*",
      act: "رفتار کن*, وانمود کن*, عمل کن*, تصور کن*, فعال کن*, عمل کرو, अभिनय*, व्यवहार*, दिखावा*, नाटक*, बन जा*, सक्रिय*, कल्पना*, অভিনয়*, ভান*, আচরণ*, সক্রিয়*, কল্পনা*, davran*, rolünü*, gibi yap*, numarası yap*, etkinleştir*, aktif et*, geç, geçin, modunu aç*, hayal et*, moduna",
      run: "اجرا کن*, نصب کن*, चलाओ, चलाएं, निष्पादित*, চালান, চালাও, çalıştır*, yürüt*",
      send: "بفرست*, ارسال کن*, منتقل کن*, بھیجو, भेजो, भेजें, भेज, ट्रांसफर*, स्थानांतरित*, পাঠান, পাঠাও, পাঠিয়ে*, gönder*, aktar*, transfer et*, yükle*, ilet*, havale*",
      edit: "تغییر بده*, اضافه کن*, ذخیره کن*, बदलो, बदलें, जोड़*, सहेज*, পরিবর্তন*, যোগ*, değiştir*, ekle*, kaydet*, güncelle*",
      hide: "نگو*, اشاره نکن*, مخفیانه, मत बता*, न बता*, चुपके*, गुप्त रूप*, বলবেন না, বলো না, গোপনে, söyleme*, bahsetme*, sormadan, gizlice, haber verme*",
      dictate:
        "بگو*, پاسخ بده*, جواب بده*, बोलो, कहो, कहें, जवाब*, उत्तर*, বলুন, বলো, উত্তর*, deyin, cevap ver*, yanıtla*, yanıt ver*, söyle*, yaz*",
      disable:
        "غیرفعال کن*, بدون, خاموش کن*, بند کرو, बंद*, अक्षम*, निष्क्रिय*, बिना, हटा*, বন্ধ*, নিষ্ক্রিয়*, ছাড়া, সরা*, kapat*, devre dışı*, kaldır*, yok, olmadan, aşarak, olmayan",
    },
  },
  {
    language: "fa",
    words: {
      act: "تو اکنون, تو حالا, شما اکنون, از این به بعد, از حالا, اب تم, अब तुम, अब आप, अब से, आप अब, तुम अब, এখন তুমি, এখন আপনি, এখন থেকে, আপনি এখন, তুমি এখন, artık sen, sen artık, şu andan itibaren, bundan sonra, artık bir, şimdi sen, sen şimdi",
      prior:
        "قبلی*, پیشین*, بالا, اولیه, اصلی, سابق, پچھلی, پچھلے, سابقہ, पिछल*, पूर्व*, पहले*, ऊपर*, मूल, प्रारंभिक, पुराने, आरंभिक, পূর্ববর্তী*, আগের, আগেকার, উপরের, মূল, প্রাথমিক, পূর্বের, मागील, आधीच्या, önceki*, yukarıdaki*, önce, önceki*, eski*, ilk*, orijinal*, başlangıç*, mevcut, daha önce*, geçmiş*",
      every:
        "همه, تمام, تمامی, هر, کامل, سارے, सभी, सारे, सब, पूरा, पूरी, हर, संपूर्ण, সমস্ত, সব, সকল, সম্পূর্ণ, যেকোনো, पूर्ण, सर्व, tüm, bütün, hepsini, tamamını, tam, herhangi",
      your: "تو, شما, خود, خودت, आपके, आपका, आपकी, तुम्हारे, तुम्हारा, अपने, अपना, अपनी, আপনার, তোমার, আমাকে, তব, senin, sizin, sana, kendi, bana, मुझे",
      orders:
        "دستور*, دستورات*, دستورالعمل*, قوانین*, فرمان*, راهنما*, محدودیت*, ہدایات*, احکام, قواعد, निर्देश*, आदेश*, नियम*, हिदायत*, प्रॉम्प्ट*, दिशानिर्देश*, प्रतिबंध*, सूचना*, নির্দেশ*, নির্দেশনা*, নির্দেশাবলী*, আদেশ*, নিয়ম*, প্রম্পট*, নির্দেশিকা*, सूचना, talimat*, komut*, kural*, yönerge*, emir*, emri*, kısıtlama*, istem*, prompt*, yönlendirme*, direktif*",
      prompt:
        "پیام سیستم, پرامپت سیستم, دستورات سیستم, دستورالعمل های اولیه, پرامپت, سسٹم پرامپٹ, सिस्टम प्रॉम्प्ट, सिस्टम संदेश, सिस्टम निर्देश, प्रारंभिक निर्देश, मूल निर्देश, সিস্টেম প্রম্পট, সিস্টেম বার্তা, সিস্টেম নির্দেশ*, প্রাথমিক নির্দেশ*, sistem promptu*, sistem prompt*, sistem mesajı*, sistem talimat*, sistem komut*, sistem istemi*, ilk talimat*, gizli talimat*, başlangıç talimat*, talimatlarını, talimatların",
      secret:
        "رمز, رمز عبور, گذرواژه, کلید, پاس ورڈ, راز, पासवर्ड*, कुंजी*, गुप्त*, पासफ़्रेज़*, एपीआई कुंजी*, रहस्य*, क्रेडेंशियल*, পাসওয়ার্ড*, গোপন*, চাবি*, şifre*, parola*, anahtar*, api anahtar*, gizli, kimlik bilgi*",
      human: "مالک, کاربر, صاحب, मालिक*, उपयोगकर्ता*, इंसान*, मनुष्य*, মালিক*, ব্যবহারকারী*, মানুষ*, sahib*, insan*, kullanıcı*, operatör*",
      limits:
        "محدودیت*, فیلتر*, ایمنی, اخلاق*, سانسور, प्रतिबंध*, नियम*, फ़िल्टर*, फिल्टर*, सुरक्षा*, सीमा*, सेंसर*, नैतिक*, সীমাবদ্ধতা*, নিয়ম*, ফিল্টার*, নিরাপত্তা*, নৈতিক*, kısıtlama*, kural*, filtre*, sınır*, güvenlik*, etik*, sansür*",
      free: "بدون محدودیت, حالت توسعه دهنده, نامحدود, بدون فیلتر, بدون سانسور, बिना किसी प्रतिबंध, बिना प्रतिबंध, बिना सीमा, बिना किसी सीमा, डेवलपर मोड, असीमित, कोई प्रतिबंध नहीं, कोई नियम नहीं, সীমাহীন, ডেভেলপার মোড, কোনো সীমাবদ্ধতা ছাড়া*, কোন সীমাবদ্ধতা, sınırsız*, kısıtlamasız*, filtresiz*, sansürsüz*, geliştirici modu*, kuralsız*, hiçbir kural*, hiçbir kısıtlama*, yönetici modu*, serbest mod*",
      task: "وظیفه جدید, دستور جدید, नया कार्य, नए निर्देश, नया निर्देश, आपका कार्य, নতুন কাজ, নতুন নির্দেশ*, yeni görev*, yeni talimat*, görevin, yeni komut*, önemli talimat*",
      urgent: "فورا, فوراً, فوری, مهم, तुरंत, तत्काल, अभी, महत्वपूर्ण, অবিলম্বে, এখনই, জরুরি, hemen, derhal, acil*, şimdi, önemli",
      exact:
        "فقط, دقیقا, صرف, केवल, सिर्फ, ठीक, शब्दशः, निम्नलिखित, बजाय, শুধু, শুধুমাত্র, ঠিক, নিম্নলিখিত, sadece, yalnızca, tam olarak, aynen, kelimesi kelimesine, şu, aşağıdaki*, yerine",
    },
  },
  {
    language: "el",
    words: {
      drop: "αγνόησε, αγνοήστε, ξέχασε, ξεχάστε, παράβλεψε, παραβλέψτε, παράκαμψε, μην ακολουθείς, διάγραψε, αγνόησέ, puuza, sahau, achana na, kiuka, futa, ruka, indiferu, unganaki, ungazinaki, khohlwa, hlola, ziba, zibani, shaya indiva, indiva, vergeet, ignoreer, verontagsaam, ignori, forgesu",
      reveal:
        "δείξε, δείξτε, αποκάλυψε, αποκαλύψτε, πες μου, πείτε μου, εκτύπωσε, επανάλαβε, γράψε, μοιράσου, δημοσίευσε, ποιες είναι, ποιο είναι, onyesha, fichua, niambie, nipe, chapisha, rudia, andika, shiriki, veza, ngitshele, bonisa, phinda, phrinta, khipha, phendula, namathisela, yimuphi, yini, phumela, wys, onthul, vertel my, herhaal, deel, gee",
      act: "είσαι τώρα, τώρα είσαι, προσποιήσου, κάνε πως, φέρσου, από εδώ και πέρα, από τώρα, φαντάσου, ενεργοποίησε, wewe sasa ni, sasa wewe ni, jifanye, kuanzia sasa, washa hali, fikiria, manje uwu, zenze, kusukela manje, usebenza kwimodi, jy is nou, maak asof, van nou af",
      send: "στείλε, στείλτε, μετέφερε, tuma, hamisha, lipa, thumela, dlulisa, stuur",
      dictate: "πες, απάντησε, γράψε, sema, jibu, andika, yithi, phendula, faka empendulweni, antwoord",
      disable: "απενεργοποίησε, χωρίς, αφαίρεσε, καμία, zima, bila, ondoa, cisha, ngaphandle, sonder, skakel",
      prior:
        "προηγούμεν*, παραπάνω, αρχικ*, παλι*, υπάρχουσ*, yaliyotangulia, zilizotangulia, ya awali, za awali, ya hapo juu, za hapo juu, ya mwanzo, yaliyopita, wezangaphambilini, yangaphambilini, engaphambilini, zangaphambili, edlule, yokuqala, langaphambili, vorige, bostaande, oorspronklike",
      every: "όλες, όλα, όλους, κάθε, ολόκληρ*, πλήρ*, yote, zote, wote, kila, kamili, yonke, zonke, konke, alle",
      your: "σου, σας, yako, zako, wako, yenu, yakho, zakho, lakho, jou, zaho",
      orders:
        "οδηγί*, εντολ*, κανόν*, κανονισμ*, προτροπ*, περιορισμ*, maagizo*, maelekezo*, amri, sheria*, miongozo*, vizuizi, imiyalelo*, imiyalo*, imithetho*, imiyalezo*, iziqondiso*, instruksies, opdragte, reëls, prompt*",
      prompt:
        "μήνυμα συστήματος, οδηγίες συστήματος, αρχικές οδηγίες, προτροπή συστήματος, prompt συστήματος, maagizo ya mfumo, maagizo yako, ujumbe wa mfumo, maagizo ya awali, umyalezo wakho wesistimu, imiyalo yakho, imiyalelo yakho, yesistimu, wesistimu, wombhalo wesistimu, stelselprompt*",
      secret:
        "κωδικ*, κλειδί*, κλειδιά, μυστικ*, συνθηματικ*, διαπιστευτήρι*, nenosiri, nywila, ufunguo, siri, funguo, iphasiwedi, ukhiye, imfihlo, iphasiwedi*, wagwoord*, sleutel*, geheim*",
      human: "ιδιοκτήτ*, χρήστ*, άνθρωπ*, χειριστ*, binadamu, mmiliki, mtumiaji, umnikazi, umsebenzisi, eienaar",
      limits:
        "περιορισμ*, κανόν*, φίλτρ*, ασφάλει*, ηθικ*, λογοκρισί*, vizuizi, sheria, vichujio, usalama, mipaka, imikhawulo, imithetho, ukuphepha, beperkings",
      free: "χωρίς περιορισμούς, χωρίς όρια, χωρίς φίλτρα, χωρίς κανόνες, λειτουργία προγραμματιστή, απεριόριστ*, bila vizuizi, bila mipaka, bila sheria, hali ya msanidi, ngaphandle kwemikhawulo, ngaphandle kwemithetho, imodi yonjiniyela, kwimodi yonjiniyela, yonjiniyela, sonder beperkings",
      task: "νέα εργασία, νέες οδηγίες, νέα αποστολή, kazi mpya, maagizo mapya, kazi yako, umsebenzi omusha, imiyalelo emisha, imiyalo emisha, lo msebenzi, wenze okulandelayo, nuwe taak, nuwe instruksies",
      urgent:
        "αμέσως, επείγον, τώρα, σημαντικό, mara moja, haraka, dharura, sasa hivi, ngokushesha, manje, kubalulekile, ebalulekile, dringend, onmiddellik",
      exact:
        "μόνο, ακριβώς, κατά λέξη, ακόλουθ*, αντί, tu, pekee, hasa, neno kwa neno, ifuatayo, badala yake, kuphela, okulandelayo, njengoba kunjalo, slegs, presies",
    },
  },
];
