package main

import (
	"fmt"
	"strings"
)

// words are what names are made of, in English, Chinese and Khmer.
type words struct{ english, chinese, khmer []string }

var (
	firstWords = words{
		[]string{"Golden", "Jade", "Dragon", "Mango", "Lotus", "Harbour", "Victory", "Fortune", "Crystal", "Sunrise", "White Sand"},
		[]string{"金", "玉", "龙", "芒果", "莲花", "海港", "胜利", "财富", "水晶", "日出", "白沙"},
		[]string{"មាស", "ត្បូង", "នាគ", "ស្វាយ", "ឈូក", "កំពង់ផែ", "ជ័យជំនះ", "សំណាង", "កែវ", "ថ្ងៃរះ", "ខ្សាច់ស"},
	}
	compoundWords = words{
		[]string{"Park", "Casino", "Hotel", "Plaza", "City"},
		[]string{"园区", "赌场", "酒店", "广场", "城"},
		[]string{"ឧទ្យាន", "កាស៊ីណូ", "សណ្ឋាគារ", "ផ្សារ", "ក្រុង"},
	}
	outletWords       = words{[]string{"Times", "Daily", "Post"}, []string{"时报", "日报", "邮报"}, []string{"កាសែត", "ព័ត៌មាន", "សារព័ត៌មាន"}}
	unitWords         = words{[]string{"Police Unit", "Commissariat"}, []string{"警察队", "警署"}, []string{"អង្គភាពនគរបាល", "ស្នងការដ្ឋាន"}}
	spokespersonWords = words{[]string{"Spokesperson"}, []string{"发言人"}, []string{"អ្នកនាំពាក្យ"}}

	languages      = []string{"en", "km", "zh"}
	shares         = []string{"ALL", "MOSTLY", "INCLUDING"}
	outcomes       = []string{"DETAINED", "RELEASED", "DEPORTED", "SITE_CLOSED"}
	screenings     = []string{"NOT_CONFIRMED", "NOT_DONE", "PENDING", "DONE"}
	statementKinds = []string{"CLAIM", "DENIAL", "COMMITMENT", "DECLINED_TO_COMMENT"}
	quotes         = []string{"We found everyone in good health", "យើងនឹងបន្តស៊ើបអង្កេត", "我们会继续调查"}
)

// name is a name in three scripts.
type name struct{ english, chinese, khmer string }

// nameOf is the name of the i-th thing that has its second word from the given ones.
func nameOf(i int, second words) name {
	a, b := i%len(firstWords.english), i/len(firstWords.english)%len(second.english)
	return name{
		english: fmt.Sprintf("%s %s %d", firstWords.english[a], second.english[b], i),
		chinese: fmt.Sprintf("%s%s%d", firstWords.chinese[a], second.chinese[b], i),
		khmer:   second.khmer[b] + firstWords.khmer[a] + " " + khmerDigits.Replace(fmt.Sprint(i)),
	}
}

var khmerDigits = strings.NewReplacer("0", "០", "1", "១", "2", "២", "3", "៣", "4", "៤", "5", "៥", "6", "៦", "7", "៧", "8", "៨", "9", "៩")

// list is the name as a node keeps it: a list of value objects.
func (n name) list() string {
	return fmt.Sprintf(`[{"value":%q,"language":"en","script":"Latn","kind":"COMMON"},{"value":%q,"language":"zh","script":"Hans","kind":"ALIAS"},{"value":%q,"language":"km","script":"Khmr","kind":"OFFICIAL"}]`,
		n.english, n.chinese, n.khmer)
}
