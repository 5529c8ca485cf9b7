/// The names that synthetic people bear. Common Kazakh and Russian ones, in their own letters; each is written here and
/// belongs to nobody. Names shorter than eight bytes are left out, so that a search for them in sealed bytes does not
/// hit by chance, and so are names that places bear too.
struct NameStock: Sendable {
    /// Surnames of men and women, given names and patronymics, all in parallel positions.
    let surnamesOfMen: [String]
    let surnamesOfWomen: [String]
    let namesOfMen: [String]
    let namesOfWomen: [String]
    let patronymicsOfMen: [String]
    let patronymicsOfWomen: [String]
}

extension NameStock {
    static let kazakh = NameStock(
        surnames: """
            Әбдіғаппаров Әлімжанов Әбілқасымов Әшірбеков Әуезханов Бөкенбаев Бегалиев Бәйдібеков Ғабдуллин Ғалымжанов
            Ғаниев Дәулетбаков Досмұхамбетов Ермұханов Есенғалиев Жұмағалиев Жақыпбеков Жиһангеров Ізтілеуов Іскендіров
            Кенжеғалиев Көшербаев Күзембаев Қасымбеков Қожабергенов Құдайбергенов Қыдырәлиев Қонысбаев Мәмбетов
            Мұқанғалиев Мыңжасаров Нұрғалиев Нұрмағамбетов Нүркенов Омарғазин Оңғарбаев Өмірзақов Өтегенов Рахымжанов
            Сәрсенбин Сағындықов Смағұлов Сүлейменұлов Тәжібаев Тәңірбергенов Төлегенов Тұрсынбеков Түсіпбеков Үсенбаев
            Шаһмұратов Шоқпарбаев Ысқақбеков Шәріпбаев Жәнібеков Мырзағалиев Байғожин Әміреғалиев Кәрімбеков Құлбарақов
            """,
        men: """
            Айдын Бақытжан Дәурен Есболат Жасұлан Қайсар Мұхтар Нұрсұлтан Рүстем Санжар Тимур Әділет Ғалымбек Өмірбек
            Бекжан Дінмұхамед Ержан Мейрамбек Нұржан Олжас Самат Талғат Шыңғыс Әнуарбек Қанатбек Ықылас Арыстан Жандос
            """,
        women: """
            Айсәуле Әсемгүл Ботагөз Гүлнұр Дилярам Жаңылсын Зәуре Инкәр Қарлығаш Ләззат Мөлдір Назгүл Райһан Сәуле
            Толғанай Ұлжан Шолпанай Ынтымақ Әйгерім Күлпаш Нұргүл Перизат Өрікгүл Ғазиза Айжан Баян-Сұлу Маржан Томирис
            """,
        patronymics: """
            Аманұлы|Аманқызы Бекұлы|Бекқызы Ғалымұлы|Ғалымқызы Ерланұлы|Ерланқызы Жұмабайұлы|Жұмабайқызы
            Қайратұлы|Қайратқызы Маратұлы|Маратқызы Нұржанұлы|Нұржанқызы Серікұлы|Серікқызы Тілеуұлы|Тілеуқызы
            Әскерұлы|Әскерқызы Өмірұлы|Өмірқызы Болатұлы|Болатқызы Сәбитұлы|Сәбитқызы Үкібайұлы|Үкібайқызы
            Мұратұлы|Мұратқызы
            """)

    static let russian = NameStock(
        surnames: """
            Абрамкин Богатырёв Васильченков Воробьёв Григорьев Демьяненков Ермолаев Жаворонков Зайцев Игнатьев Казанцев
            Колесников Лаврентьев Масленников Никифоров Овчинников Пономарёв Родионов Сафронов Тимофеев Ушаков Филатов
            Хохлов Цветков Черкашин Шевелёв Щербаков Юдинцев Яковлев Кузнецов Смолянинов Фетисов Соловьёв Белозерский
            Вишневский Островский Полянский Чернышов Лебедев Медведев
            """,
        men: """
            Аркадий Андрей Борис Василий Виктор Геннадий Дмитрий Евгений Игнатий Кирилл Леонид Михаил Николай Павел
            Роман Степан Филипп Юрий Артём Максим
            """,
        women: """
            Анастасия Валентина Вероника Галина Дарья Екатерина Жанна Зинаида Ирина Ксения Людмила Маргарита Наталья
            Оксана Полина Светлана Татьяна Ульяна Юлиана Марина
            """,
        patronymics: """
            Александрович|Александровна Борисович|Борисовна Викторович|Викторовна Геннадьевич|Геннадьевна
            Дмитриевич|Дмитриевна Иванович|Ивановна Леонидович|Леонидовна Михайлович|Михайловна Николаевич|Николаевна
            Павлович|Павловна Сергеевич|Сергеевна Фёдорович|Фёдоровна Юрьевич|Юрьевна Васильевич|Васильевна
            """)

    /// Splits each text at white space; a patronymic names the man's and the woman's form with a bar between.
    private init(surnames: String, men: String, women: String, patronymics: String) {
        surnamesOfMen = Self.words(surnames)
        surnamesOfWomen = surnamesOfMen.map(Self.womansSurname)
        namesOfMen = Self.words(men)
        namesOfWomen = Self.words(women)
        let pairs = Self.words(patronymics).map { $0.split(separator: "|").map(String.init) }
        patronymicsOfMen = pairs.map { $0[0] }
        patronymicsOfWomen = pairs.map { $0[1] }
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    /// `-ов`, `-ев`, `-ёв` and `-ин` take an а; `-ский` becomes `-ская`; every other surname is the same for both.
    private static func womansSurname(_ man: String) -> String {
        if man.hasSuffix("ский") { return String(man.dropLast(2)) + "ая" }
        for ending in ["ов", "ев", "ёв", "ин"] where man.hasSuffix(ending) { return man + "а" }
        return man
    }
}
