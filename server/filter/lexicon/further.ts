import type { Lexicon } from "../lexicon.ts";

/**
 * Languages of fewer speakers on the network, known by what an order to drop the instructions is made of. First those whose verb stands where it likes:
 * Luxembourgish, Yiddish, Maltese, Georgian, Armenian, Icelandic, Belarusian, Lao, Khmer, Javanese, Hausa, Yoruba, Igbo, Xhosa, Somali, Malagasy,
 * Kinyarwanda, Esperanto, Latin, Haitian Creole, Hawaiian, Māori. Then those that end with it: Uzbek, Kyrgyz, Tatar, Pashto, Kurmanji, Burmese, Quechua.
 */
export const FURTHER: Lexicon[] = [
  {
    language: "mul",
    words: {
      drop: "ignoréier*, ignoréiert, איגנאריר*, פארגעס*, injora, injoraw, tinjorax, უგულებელყავ*, უგულვებელყავ*, დაივიწყ*, დააიგნორ*, անտեսիր*, անտեսեք, մոռացիր*, մոռացեք, hunsaðu, gleymdu, ігнаруй*, забудзь*, ບໍ່ຕ້ອງສົນໃຈ, ບໍ່ສົນໃຈ, ລະເລີຍ, ລືມ, មិនអើពើ, កុំអើពើ, បំភ្លេច, lirwakna, lalekna, aja nggatekake, yi watsi da, ka manta da, foju kọ, gbàgbé, leghara, chefuo, yityeshele*, ungayihoyi, libala nge*, iska indho tir, iska dhaaf, iska ilow*, tsinontsinoavy, adinoy, irengagize, wirengagize, ibagirwa, ignoru, forgesu, malatentu, neglege, neglegite, obliviscere, inyore, bliye, nānā ʻole, poina, waihotia, warewaretia, kaua e aro",
      reveal:
        "weis mir, weist mir, ווייז מיר, ווייזט מיר, urini, għidli, აჩვენ*, მაჩვენ*, გამიმხილ*, მითხარ*, ցույց տուր, ցույց տվեք, ցուցադրիր, ասա ինձ, sýndu mér, segðu mér, пакажы, раскажы, ສະແດງ, ບອກຂ້ອຍ, បង្ហាញ, ប្រាប់ខ្ញុំ, tuduhna, duduhna, nuna mini, nuna min, gaya mini, fi hàn, sọ fún mi, gosi m, gwa m, undibonise, ndibonise, ndixelele, i tus, ii sheeg, asehoy, lazao ahy, unyereke, nyereka, mbwira, montru, malkaŝu, diru al mi, ostende, revela mihi, dic mihi, montre m, di m, hōʻike mai, whakaatu mai, whakaaturia",
      send: "schéck mir, schick mir, שיק מיר, ibgħatli, ibgħat, გამომიგზავნ*, გამოგზავნ*, ուղարկիր*, ուղարկեք, sendu mér, дашлі, адпраў, ສົ່ງ, ផ្ញើ, kirimna, aika mini, fi ránṣẹ́, zitere m, ndithumele, ii soo dir, alefaso, unyohereze, sendu al mi, mitte mihi, voye ban m, hoʻouna mai, tukua mai",
      prior:
        "fréier*, virdrun, viregt*, פריערדיג*, preċedenti, ta' qabel, ta’ qabel, წინა, ადრინდელ*, նախորդ*, նախկին, fyrri, undanfarandi, папярэдні*, ранейш*, ກ່ອນໜ້າ*, ກ່ອນຫນ້າ*, មុនៗ, ពីមុន, sadurunge, sakdurunge, suka gabata, na baya, ìṣáájú, tẹ́lẹ̀, gara aga, mbụ niile, yangaphambili*, angaphambili, ee hore, kii hore, teo aloha, taloha, yabanje, byabanje, antaŭajn, antaŭaj, ĝisnunajn, priores, priora, superiores, praecedentes, anvan yo, ki anvan, mua a pau, o mua",
      every:
        "אלע, kollha, ყველა, բոլոր, allar, öllum, усе, усіх, ທັງໝົດ, ທັງຫມົດ, ទាំងអស់, kabeh, dukkan, gbogbo, niile, yonke, dhammaan, rehetra, yose, ĉiujn, ĉiuj, omnes, omnia, katoa, a pau",
      your: "däi, däin, דיין, tiegħek, შენი, თქვენი, քո, ձեր, þinn, þín, свой, сваю, ຂອງເຈົ້າ, ຂອງທ່ານ, របស់អ្នក, vian, viajn, tuum, tua, tsarinka, tsarin ka",
      orders:
        "instruktioun*, uweisung*, אינסטרוקצי*, כללים, באפעל*, istruzzjoni*, regoli, ინსტრუქცი*, მითითებ*, წეს*, հրահանգ*, կանոն*, ցուցում*, leiðbeining*, reglum, reglur, fyrirmæli*, інструкцы*, правіл*, загад*, ຄໍາສັ່ງ, ຄໍາແນະນໍາ, ກົດລະບຽບ, ការណែនាំ, សេចក្តីណែនាំ, បទបញ្ជា, ច្បាប់, pandhuan, paugeran, pituduh, umarni*, umarnin, dokoki*, ka'idoji, ìtọ́ni, ìlànà, àṣẹ, ntuziaka, iwu niile, imiyalelo, imithetho, tilmaam*, amarrad*, sharci*, torolalana, toromarika, fitsipika, amabwiriza, amategeko, instrukci*, regulojn, ordonojn, iussus, iussa, mandata, praecepta, enstriksyon*, règ yo, lòd yo, kuhikuhi, tohutohu",
      nay: "არ, არასოდეს, ნუ, երբեք, մի, aldrei, ekki, ніколі, ຢ່າ, កុំ, neniam, pa janm, weligaa, ntuzigere, ejikwala, ungaze, máṣe, קיינמאל",
      prompt:
        "systemufro*, סיסטעם פראמפט*, prompt tas-sistema, istruzzjonijiet tas-sistema, სისტემური პრომპტი, სისტემის ინსტრუქცი*, համակարգային հուշ*, համակարգի հրահանգ*, kerfisfyrirmæli*, kerfisboð*, сістэмны промпт, сістэмныя інструкцы*, ຄໍາສັ່ງລະບົບ, prompt sistem*, umarnin tsarin*, ìtọ́ni ètò, ntuziaka sistemụ, umyalelo wenkqubo, amarka nidaamka*, toromarika rafitra*, amabwiriza ya sisitemu, sisteman prompton, sistemajn instrukciojn, mandatum systematis, pwonpt sistèm*, kauoha ʻōnaehana, tohutohu pūnaha",
      secret:
        "passwuert*, schlëssel*, שליסל*, פאסווארט*, ċavetta*, გასაღებ*, პაროლ*, բանալի*, գաղտնաբառ*, lykil*, lykilorð*, пароль, ключ api, ລະຫັດຜ່ານ, ກະແຈ, ពាក្យសម្ងាត់, sandhi, kalmar sirri, makulli, ọ̀rọ̀ aṣínà, okwuntughe, iphasiwedi, furaha sirta, tenimiafina, ijambo ry'ibanga, pasvort*, ŝlosilvort*, ŝlosilon, ŝlosilojn, modpas, kle api, kupuhipa",
    },
  },
  {
    language: "mul",
    verbLast: true,
    words: {
      drop: "e'tiborsiz qoldir*, eʼtiborsiz qoldir*, inobatga olma*, unuting, этибарга алба*, көңүл бурба*, унуткула, унут, игътибарсыз калдыр*, исәпкә алма*, онытыгыз, له پامه وغورځ*, پام مه کوه, هېر کړ*, paşguh bik*, ji bîr bik*, guh nede*, လျစ်လျူရှု*, မေ့ပစ်*, ဂရုမစိုက်*, qunqay*, ama kasuychu",
      reveal:
        "ko'rsating, koʻrsating, ko'rsat, koʻrsat, aytib ber*, көрсөт, көрсөтүңүз, айтып бер*, күрсәт, күрсәтегез, әйт, وښای*, ووای*, nîşan bid*, nîşanî min bid*, ji min re bêj*, ပြပါ, ဖော်ပြ*, ပြောပြ*, rikuchiway, willaway",
      send: "yuboring, yubor, жөнөт*, жибер*, җибәр*, راولېږ*, واستو*, ji min re bişîn*, ပို့ပေး*, ပို့ပါ, apachimuway",
      prior: "oldingi, avvalgi*, мурунку*, мурдагы, алдагы, элекке*, مخکین*, پخوان*, yên berê, berê yên, ယခင်, အရင်, ရှေ့က, ñawpaq*",
      every: "barcha, hamma, бардык, барлык, ټول, ټولې, hemû, hemî, အားလုံး, llapan",
      orders:
        "ko'rsatma*, koʻrsatma*, qoida*, buyruq*, көрсөтмө*, эреже*, буйрук*, күрсәтмә*, кагыйдә*, боерык*, لارښوون*, قواعد, talîmat*, rêwerz*, rêzik*, ညွှန်ကြားချက်*, စည်းမျဉ်း*, kamachikuy*",
      prompt:
        "tizim prompt*, tizim ko'rsatma*, tizim koʻrsatma*, системдик промпт*, система промпт*, سیسټم پرامپټ, prompta pergal*, စနစ်ညွှန်ကြားချက်*",
      your: "sizning, o'zingizning, өзүңдүн, сиздин, үзеңнең, سیزنىڭ, خپل, xwe ya, သင့်, qampa",
      secret:
        "parolni, parolingiz*, parolim, kalitni, kalitingiz*, kalitlar, ачкыч*, сырсөз*, серсүз*, پټنوم, کیلي, şîfre*, nasnav*, စကားဝှက်*, သော့",
    },
  },
];
